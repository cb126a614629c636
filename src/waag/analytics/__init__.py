"""The data sets of GenerateDataSet, computed from the books, the agreements and the usage.

A module a data set: its columns, and where each one's figure comes from; beside it, under the same
name in `statements/`, the one question that it asks the store. `tables/` has what several ask by.
"""
