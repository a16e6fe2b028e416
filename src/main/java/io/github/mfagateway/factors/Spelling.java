package io.github.mfagateway.factors;

import java.util.regex.Pattern;

/**
 * The one way in which a path is spelled here. RFC 3986, section 6.2.2, knows many that mean the same, and whoever stands before
 * us and lets some paths pass and others not may not know them all.
 */
final class Spelling {

    // visible ASCII that is not unreserved (RFC 3986, section 2.3), without / \ ; and %: what an id may have to escape
    private static final Pattern ESCAPED = Pattern.compile("%(?i:2[1-46-9A-C]|3[AC-F]|40|5[BDE]|60|7[B-D])");

    private static final Pattern UNKNOWN = Pattern.compile("[^A-Za-z0-9._~!$&'()*+,=:@|/-]");

    // of a segment: nothing, . and ..
    private static final Pattern NO_NAME = Pattern.compile("/\\.{0,2}(?:/|$)");

    private Spelling() {}

    /** @param target a request's: a path, and what comes behind a question mark */
    static boolean isOurs(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        return path.equals("/")
                || !UNKNOWN.matcher(ESCAPED.matcher(path).replaceAll("_")).find()
                        && !NO_NAME.matcher(isPage(path) ? path.substring(0, path.length() - 1) : path)
                                .find();
    }

    /** Of Quarkus' own, in dev mode. */
    private static boolean isPage(String path) {
        return path.startsWith("/q/") && path.endsWith("/");
    }
}
