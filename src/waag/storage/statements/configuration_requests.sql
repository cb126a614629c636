-- The requests that topics, queues and rules of the embedded AWS came about by.

-- configuration_requests: all of them, in order.
SELECT number, account, region, service, action, resource, seed, request
FROM configuration_request ORDER BY number;

-- has_configuration_request: one of an action, on a resource between two ARNs.
SELECT 1 FROM configuration_request
WHERE resource BETWEEN ? AND ? AND action = ? LIMIT 1;

-- latest_configuration_request: the same thing done to the same resource last.
SELECT request FROM configuration_request WHERE resource = ? AND action = ?
ORDER BY number DESC LIMIT 1;

-- put_configuration_request: the next.
INSERT INTO configuration_request (account, region, service, action, resource, seed, request)
VALUES (?, ?, ?, ?, ?, ?, ?);

-- remove_configuration_requests: those that made a resource what it was.
DELETE FROM configuration_request WHERE resource = ?;
