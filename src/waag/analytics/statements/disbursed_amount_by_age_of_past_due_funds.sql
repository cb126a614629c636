SELECT * FROM by_age ORDER BY currency
