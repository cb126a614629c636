-- Facts that data sets ask for by their date.

CREATE INDEX charge_fee_by_at ON charge (at) WHERE usage_month IS NULL;
CREATE INDEX charge_demonstration ON charge (month) WHERE kind = 'demonstration';
CREATE INDEX adjustment_by_at ON adjustment (at);
CREATE INDEX ledger_correction ON ledger_transaction (at)
WHERE action IN ('FORGIVEN', 'REFUNDED', 'CREDITED');
