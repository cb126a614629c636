-- The agreements to a product that grant entitlements, walked by number. Those that grant nothing,
-- as of every pay-as-you-go product, are not in the index.

CREATE INDEX agreement_granting ON agreement (product) WHERE entitlements <> '[]';
