"""Made-up people with a believable past, so that everything can be tried without anybody's data."""
