package io.github.mfagateway.monitoring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A metric that a PromQL expression names, and the values it wants its labels to have: {@code a|b} is two. */
record Selector(String metric, Map<String, List<String>> wanted) {

    private static final Pattern GROUPING =
            Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern NAME = Pattern.compile("(?<![\\w.])([a-zA-Z_:][\\w:]*)(\\s*\\(|\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~|!~|!=|=)\"([^\"]*)\"");
    /** Of label_replace; a matcher's value comes after = or ~. */
    private static final Pattern STRING_ARGUMENT = Pattern.compile(",\\s*\"[^\"]*\"");

    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
    private static final Set<String> WORDS =
            Set.of("and", "or", "unless", "offset", "bool", "group_left", "group_right");

    static List<Selector> in(String expression) {
        String plain = STRING_ARGUMENT.matcher(expression).replaceAll(" ");
        String bare = RANGE.matcher(GROUPING.matcher(plain).replaceAll(" ")).replaceAll(" ");
        List<Selector> selectors = new ArrayList<>();
        Matcher name = NAME.matcher(bare);
        while (name.find()) {
            boolean function = name.group(2) != null && name.group(3) == null;
            if (!function && !WORDS.contains(name.group(1))) {
                selectors.add(new Selector(name.group(1), wanted(name.group(3))));
            }
        }
        return selectors;
    }

    /** Also those that are not to be there: a misspelt one would let everything through. */
    private static Map<String, List<String>> wanted(String matchers) {
        Map<String, List<String>> wanted = new HashMap<>();
        Matcher matcher = MATCHER.matcher(matchers == null ? "" : matchers);
        while (matcher.find()) {
            String value = matcher.group(3);
            wanted.put(matcher.group(1), matcher.group(2).endsWith("~") ? List.of(value.split("\\|")) : List.of(value));
        }
        return wanted;
    }
}
