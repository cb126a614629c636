"""The AWS protocols over HTTP: claim, sign, decode, dispatch, encode."""
