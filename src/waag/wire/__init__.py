"""The AWS protocols over ASGI: claim, sign, decode, dispatch, encode."""
