package io.github.mfagateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What the build says it is made of. */
class BillOfMaterialsIT {

    private static final XPath PATH = XPathFactory.newInstance().newXPath();

    @Test
    void itNamesThisVersionAndEveryDependencyButTheTests() throws Exception {
        Document pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("pom.xml").toFile());
        JsonNode bill = new ObjectMapper().readTree(Path.of("target/sbom.json").toFile());

        assertEquals("CycloneDX", bill.path("bomFormat").asText());
        JsonNode gateway = bill.path("metadata").path("component");
        assertEquals(
                PATH.evaluate("/project/artifactId", pom), gateway.path("name").asText());
        assertEquals(
                PATH.evaluate("/project/version", pom), gateway.path("version").asText());
        List<String> components = StreamSupport.stream(bill.path("components").spliterator(), false)
                .map(each -> each.path("name").asText())
                .toList();
        for (String artifact : artifacts(pom, "not(scope)")) {
            assertTrue(components.contains(artifact), artifact);
        }
        // what they bring along
        assertTrue(components.containsAll(List.of("quarkus-rest", "caffeine", "netty-handler")), components.toString());
        for (String artifact : artifacts(pom, "scope='test'")) {
            assertFalse(components.contains(artifact), artifact);
        }
    }

    private static List<String> artifacts(Document pom, String which) throws Exception {
        NodeList found = (NodeList) PATH.evaluate(
                "/project/dependencies/dependency[" + which + "]/artifactId", pom, XPathConstants.NODESET);
        List<String> artifacts = IntStream.range(0, found.getLength())
                .mapToObj(i -> found.item(i).getTextContent())
                .toList();
        assertFalse(artifacts.isEmpty());
        return artifacts;
    }
}
