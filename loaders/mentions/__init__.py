"""What a sentence mentions: quantities, periods, places. Each finder is a plain function over clean text."""
