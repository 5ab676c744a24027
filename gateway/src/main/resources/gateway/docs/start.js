SwaggerUIBundle({
  dom_id: "#api",
  url: "/api/v1/openapi.yaml",
  deepLinking: true,
  validatorUrl: null,
  // The contract names example servers; calls from this page go to the one it came from.
  requestInterceptor: (request) => {
    const url = new URL(request.url, location.href);
    request.url = location.origin + url.pathname + url.search;
    return request;
  },
});
