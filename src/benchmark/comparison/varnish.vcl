vcl 4.1;
# Comparison.java fills in what stands between @.

backend genauth {
    .host = "127.0.0.1";
    .port = "@genauth@";
}

sub vcl_recv {
    # the built-in way remembers nothing that comes with Authorization
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Authorization);
    return (lookup);
}

sub vcl_backend_response {
    set beresp.ttl = 10m;
    return (deliver);
}
