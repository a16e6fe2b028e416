package io.github.mfagateway.http;

/**
 * The only accepted form of a path. RFC 3986, section 6.2.2, defines many equivalent forms, and a proxy in front with rules
 * for paths may not normalize all of them.
 */
final class CanonicalTarget {

    // of a path: unreserved characters, sub-delimiters without ;, : and @ (RFC 3986, section 3.3), and |
    private static final boolean[] IN_PATH = table("!$&'()*+,=:@|/-._~");
    private static final boolean[] IN_QUERY = table("!$&'()*+,;=:@|/?-._~");
    // may be escaped in a path: visible ASCII that is not unreserved, without / \ ; and %
    private static final boolean[] ESCAPED_IN_PATH = table("!\"#$&'()*+,:<=>?@[]^`{|}", false);

    private CanonicalTarget() {}

    private static boolean[] table(String others) {
        return table(others, true);
    }

    private static boolean[] table(String others, boolean alphanumeric) {
        boolean[] table = new boolean[128];
        for (char c = 0; c < table.length; c++) {
            table[c] = others.indexOf(c) >= 0
                    || alphanumeric && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9');
        }
        return table;
    }

    /** @param target of a request: a path that begins with /, and an optional query */
    static boolean isCanonical(String target) {
        int query = target.indexOf('?');
        int end = query < 0 ? target.length() : query;
        return isPath(target, end) && isQuery(target, end);
    }

    /** Encodes each raw {@code |}: GenAuth's factor ids have one, and common clients send it raw. */
    static String withoutBar(String target) {
        return target.indexOf('|') < 0 ? target : target.replace("|", "%7C");
    }

    private static boolean isPath(String target, int end) {
        int segment = 1;
        for (int i = 1; i < end; i++) {
            char c = target.charAt(i);
            if (c == '/') {
                if (isEmptyOrDots(target, segment, i)) {
                    return false;
                }
                segment = i + 1;
            } else if (c == '%') {
                int escaped = escaped(target, i, end);
                if (escaped < 0 || escaped >= ESCAPED_IN_PATH.length || !ESCAPED_IN_PATH[escaped]) {
                    return false;
                }
                i += 2;
            } else if (c >= IN_PATH.length || !IN_PATH[c]) {
                return false;
            }
        }
        return !isEmptyOrDots(target, segment, end) || end == 1 || segment == end && isPageOfDevMode(target);
    }

    private static boolean isQuery(String target, int start) {
        for (int i = start + 1; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c == '%') {
                if (escaped(target, i, target.length()) < 0) {
                    return false;
                }
                i += 2;
            } else if (c >= IN_QUERY.length || !IN_QUERY[c]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEmptyOrDots(String target, int start, int end) {
        return start == end
                || target.charAt(start) == '.'
                        && (end - start == 1 || end - start == 2 && target.charAt(start + 1) == '.');
    }

    /** Quarkus' own pages, such as /q/swagger-ui/. */
    private static boolean isPageOfDevMode(String target) {
        return target.startsWith("/q/");
    }

    /** The character that the escape at {@code i} stands for, or -1 if it is none. */
    private static int escaped(String target, int i, int end) {
        if (i + 2 >= end) {
            return -1;
        }
        int high = hexDigit(target.charAt(i + 1));
        int low = hexDigit(target.charAt(i + 2));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /** ASCII only, unlike {@link Character#digit}. */
    private static int hexDigit(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }
}
