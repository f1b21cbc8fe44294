module crooked

go 1.26.0
