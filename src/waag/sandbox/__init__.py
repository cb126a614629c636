"""The embedded AWS: S3, SNS, SQS, STS, IAM and EventBridge, for deliveries and for trying things.

Signatures are verified before a request comes here; who may do what is decided here, for all six.
"""
