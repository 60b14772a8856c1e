"""Groups that meet for some weeks: seats, a waiting list that fills itself, sessions and who came to them."""
