package io.github.mfagateway.http;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.TooLongHttpHeaderException;

/** A request's headers, bounded in number, because a line of five bytes takes more than a hundred bytes of heap. */
final class BoundedHeaders extends DefaultHttpHeaders {

    /** Apache's and Tomcat's limit, too. */
    static final int MOST = 100;

    /** Heap of a line without its characters: entry, name, value and their arrays. */
    static final int LINE_BYTES = 128;

    private int lines;

    BoundedHeaders() {
        super(
                DefaultHttpHeadersFactory.headersFactory().getNameValidator(),
                DefaultHttpHeadersFactory.headersFactory().getValueValidator());
    }

    /** Called by the decoder for each line. */
    @Override
    public HttpHeaders add(CharSequence name, Object value) {
        count();
        return super.add(name, value);
    }

    @Override
    public HttpHeaders add(String name, Object value) {
        count();
        return super.add(name, value);
    }

    private void count() {
        if (++lines > MOST) {
            throw new TooLongHttpHeaderException("more than " + MOST + " headers");
        }
    }

    int heapBytes() {
        return lines * LINE_BYTES;
    }
}
