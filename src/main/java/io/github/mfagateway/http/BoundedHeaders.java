package io.github.mfagateway.http;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.TooLongHttpHeaderException;

/** The headers of a request, of which there are so many at most: a line of five bytes takes more than a hundred of heap. */
final class BoundedHeaders extends DefaultHttpHeaders {

    /** Apache's and Tomcat's limit, too. */
    static final int MOST = 100;

    /** Heap of a line beside its characters: entry, name, value and their arrays. */
    static final int LINE_BYTES = 128;

    private int lines;

    BoundedHeaders() {
        super(
                DefaultHttpHeadersFactory.headersFactory().getNameValidator(),
                DefaultHttpHeadersFactory.headersFactory().getValueValidator());
    }

    /** The decoder adds each line by this method. */
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
