import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands in a text, by a pattern with one group. */
final class Text {

    private Text() {}

    static double number(String text, String pattern) {
        return Double.parseDouble(find(text, pattern));
    }

    static String find(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        if (!found.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        return found.group(1);
    }
}
