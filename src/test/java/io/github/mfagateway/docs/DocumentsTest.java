package io.github.mfagateway.docs;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;

/** README.md and docs/ are short, their links lead somewhere, and they name each setting. */
class DocumentsTest {

    private static final Path README = Path.of("README.md");
    private static final Path DOCS = Path.of("docs");
    private static final Path DECISIONS = DOCS.resolve("decisions");

    private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern CODE = Pattern.compile("`[^`\n]*`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    /** The first cell of a table's row, or the first words of a list's item: the names of settings in it. */
    private static final Pattern SETTINGS =
            Pattern.compile("(?m)^(?:\\| |- )((?:`[a-z][a-z0-9.-]*`(?:, )?)+)(?: \\||:)");

    private static final Pattern SETTING = Pattern.compile("`([a-z][a-z0-9.-]*)`");

    @Test
    void theReadmeIsOnePage() {
        assertAtMost(1600, words(README), "README.md");
    }

    @Test
    void theOtherPagesAreShort() {
        assertAtMost(
                9000,
                pages().filter(page -> !page.equals(README))
                        .mapToInt(DocumentsTest::words)
                        .sum(),
                "docs");
    }

    @Test
    void aDecisionHasAtMostTwentyLinesAndAContextADecisionAndAConsequence() {
        for (Path decision : decisions()) {
            assertAtMost(20, (int) text(decision).lines().count(), decision.toString());
            for (String part : List.of("**Context.**", "**Decision.**", "**Consequence.**")) {
                assertTrue(text(decision).contains("\n" + part + " "), decision + " has no " + part);
            }
        }
    }

    @Test
    void eachRelativeLinkLeadsToAFileAndItsAnchorToAHeading() {
        List<String> broken = new ArrayList<>();
        List<String> links = new ArrayList<>();
        pages().forEach(page -> LINK.matcher(withoutCode(page))
                .results()
                .map(link -> link.group(1))
                .filter(link -> !link.contains("://"))
                .peek(links::add)
                .filter(link -> !leadsSomewhere(page, link))
                .forEach(link -> broken.add(page + ": " + link)));

        assertEquals(List.of(), broken);
        assertTrue(links.size() > 50, links.size() + " links");
    }

    @Test
    void eachPageIsLinkedFromTheReadme() {
        Set<Path> linked = LINK.matcher(text(README))
                .results()
                .map(link -> Path.of(link.group(1).replaceFirst("#.*", "")))
                .collect(toSet());

        pages().filter(page -> !page.equals(README) && DOCS.equals(page.getParent()))
                .forEach(page -> assertTrue(linked.contains(page), page + " is not linked"));
    }

    /** Words that the field has better ones for. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "remembers",
                "remembered",
                "whoever",
                "cannot be had",
                "asked anew",
                "second try",
                "second tries",
                "distrust",
                "good for nothing",
                "behind a caller's back",
                "**Was:**"
            })
    void noOldWordIsUsed(String old) {
        pages().forEach(page -> assertFalse(
                withoutCode(page).toLowerCase(Locale.ROOT).contains(old.toLowerCase(Locale.ROOT)),
                page + " says " + old));
    }

    @Test
    void theConfigurationPageNamesEachSettingOfOursAndNoOther() {
        Set<String> named = SETTINGS.matcher(text(DOCS.resolve("configuration.md")))
                .results()
                .flatMap(row -> SETTING.matcher(row.group(1)).results())
                .map(name -> name.group(1))
                .filter(name -> !name.startsWith("quarkus."))
                .collect(toCollection(TreeSet::new));

        assertEquals(settings(), named);
    }

    private static Set<String> settings() {
        Set<String> settings = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.github.mfagateway").stream()
                        .filter(type -> type.isAnnotatedWith(ConfigMapping.class))
                        .map(JavaClass::reflect)
                        .flatMap(type -> ConfigMappings.getProperties(ConfigClass.configClass(type)).keySet().stream())
                        .collect(toCollection(TreeSet::new));
        assertTrue(settings.size() > 25, settings.toString());
        return settings;
    }

    private static boolean leadsSomewhere(Path page, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        return Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
    }

    /** As GitHub makes them from headings. */
    private static Set<String> anchors(Path page) {
        return HEADING.matcher(FENCE.matcher(text(page)).replaceAll(""))
                .results()
                .map((MatchResult heading) -> heading.group(1))
                .map(heading -> heading.toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(toSet());
    }

    private static String withoutCode(Path page) {
        return CODE.matcher(FENCE.matcher(text(page)).replaceAll("")).replaceAll("");
    }

    private static Stream<Path> pages() {
        try (Stream<Path> files = Files.walk(DOCS)) {
            List<Path> pages = files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
            return Stream.concat(Stream.of(README), pages.stream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> decisions() {
        return pages().filter(page -> page.getFileName().toString().matches("\\d{4}-.+"))
                .toList();
    }

    /** As {@code wc -w} counts them. */
    private static int words(Path page) {
        return text(page).trim().split("\\s+").length;
    }

    private static void assertAtMost(int most, int count, String what) {
        assertTrue(count <= most, "%s: %d, at most %d".formatted(what, count, most));
    }

    private static String text(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
