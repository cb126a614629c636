, begun AS (
  SELECT workload.product, account.number AS customer, count(*) AS instances
  FROM workload JOIN account ON account.id = workload.account
  WHERE workload.product IN (SELECT product FROM sold)
    AND workload.first_call >= :starts AND workload.first_call < :ends
  GROUP BY 1, 2
)

SELECT DISTINCT begun.instances, product_code, product_title, solution_title, solution_id,
  customer_id, email_domain, country, state, city, postal_code, address
FROM begun JOIN sold ON sold.product = begun.product AND sold.customer = begun.customer
ORDER BY product_code, customer_id
