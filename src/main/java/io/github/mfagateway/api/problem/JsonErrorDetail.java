package io.github.mfagateway.api.problem;

import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;

/** Describes an error in a caller's JSON, without Jackson's messages, which quote the body. */
public final class JsonErrorDetail {

    private static final String TRAILING = "The body has text after the JSON object";

    // any other name is the caller's text, and not quoted
    private static final Set<String> MEMBERS = Set.of(
            "appId",
            "appSecret",
            "email",
            "enrollmentData",
            "enrollmentToken",
            "externalPhoto",
            "factorId",
            "factorType",
            "isExternalPhoto",
            "passCode",
            "phoneCountryCode",
            "phoneNumber",
            "photo",
            "profile");

    private JsonErrorDetail() {}

    /** @param failure Jackson's, or a {@link java.io.CharConversionException} */
    static String of(Throwable failure) {
        if (failure instanceof MismatchedInputException mismatch) {
            return wrongType(mismatch);
        } else if (failure instanceof StreamReadException unreadable) {
            return unreadable(unreadable);
        } else if (failure instanceof StreamConstraintsException) {
            return "The body is nested too deeply, or a name or a number in it is too long";
        } else if (failure instanceof JsonMappingException && failure.getCause() != null) {
            // a failure inside a member's value, wrapped with the member's name
            return of(failure.getCause());
        }
        return "The body is not JSON in UTF-8";
    }

    private static String wrongType(MismatchedInputException mismatch) {
        List<JsonMappingException.Reference> path = mismatch.getPath();
        if (path.isEmpty()) {
            return mismatch.getProcessor() instanceof JsonParser parser && isSecondValue(parser.getParsingContext())
                    ? TRAILING
                    : "The body must be a JSON object";
        }
        // a declared member, because an unknown one has no type to mismatch
        return path.get(path.size() - 1).getFieldName() + " must be " + expected(mismatch.getTargetType());
    }

    private static boolean isSecondValue(JsonStreamContext context) {
        return context.inRoot() ? context.getCurrentIndex() > 0 : isSecondValue(context.getParent());
    }

    private static String expected(Class<?> type) {
        if (type == String.class) {
            return "a string";
        }
        return type == Boolean.class ? "true or false" : "an object";
    }

    private static String unreadable(StreamReadException unreadable) {
        JsonParser parser = unreadable.getProcessor();
        JsonStreamContext context = parser.getParsingContext();
        if (context.inRoot() && parser.currentToken() != null) {
            return TRAILING;
        }
        if (unreadable.getOriginalMessage().startsWith("Duplicate field")) {
            String name = context.getCurrentName();
            return (MEMBERS.contains(name) ? name : "A member") + " appears twice";
        }
        JsonLocation location = unreadable.getLocation();
        return "The body is not JSON in UTF-8, see line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
