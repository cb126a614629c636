"""Bodies that a client compressed: gzip, the one encoding that the models ask for.

A signature covers the compressed bytes, so this comes after it is verified.
"""

import zlib

from waag.exchange import Request
from waag.wire.protocols import BodyTooLarge, MediaTypeUnsupported
from waag.wire.violations import NotSerializable

# zlib's way to say: a gzip header and trailer, the largest window.
_GZIP = 16 + zlib.MAX_WBITS


def decompressed(request: Request, limit: int) -> bytes:
    """The body as the client had it before compression.

    Args:
        request: its header content-encoding may be absent, `identity` or `gzip`.
        limit: how many bytes the decompressed body may have; no more are ever made.

    Raises:
        MediaTypeUnsupported: another encoding.
        BodyTooLarge: more than `limit` bytes.
        NotSerializable: the body is not gzip, or not all of it.
    """
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding == "identity":
        return request.body
    if encoding != "gzip":
        raise MediaTypeUnsupported(
            f"The content encoding is '{encoding}'; gzip or none is expected.",
            code="UnsupportedMediaTypeException",
            status=415,
        )
    decompression = zlib.decompressobj(_GZIP)
    try:
        body = decompression.decompress(request.body, limit + 1)
    except zlib.error as error:
        raise NotSerializable(f"The body is not gzip: {error}.") from None
    if len(body) > limit:
        raise BodyTooLarge(
            f"The decompressed body has more than {limit} bytes.",
            code="RequestEntityTooLargeException",
            status=413,
        )
    if not decompression.eof or decompression.unused_data:
        raise NotSerializable("The gzip stream does not end where the body ends.")
    return body
