using System.IO.Compression;
using System.Reflection;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Advisor.Kernel.Http.ApiDocs;

/// <summary>The description of the API, and a page to try it with that loads nothing from elsewhere.</summary>
public static class ApiDocsTriggers
{
    private const string Own = "Advisor.Kernel.Http.ApiDocs.";
    private const string SwaggerUi = "Swashbuckle.AspNetCore.SwaggerUI.node_modules.swagger_ui_dist.";

    private static readonly Dictionary<string, string> s_types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".png"] = "image/png",
        [".yaml"] = "application/yaml",
    };

    /// <summary>Scripts and styles of this host only; the page sets styles itself and draws small images from data.</summary>
    private const string PagePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    [AllowAnyone]
    [NotRateLimited]
    [Audit.NotAudited]
    [AnswersIn("*/*")]
    [Function("ApiDocs")]
    public static IResult Page([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/docs")] HttpRequest request)
    {
        request.HttpContext.Response.Headers.ContentSecurityPolicy = PagePolicy;
        return FileOf(request, typeof(ApiDocsTriggers).Assembly, Own, "index.html")!;
    }

    [AllowAnyone]
    [NotRateLimited]
    [Audit.NotAudited]
    [AnswersIn("*/*")]
    [Function("ApiDocsFile")]
    public static IResult File([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/docs/{file}")] HttpRequest request, string file) =>
        FileOf(request, typeof(ApiDocsTriggers).Assembly, Own, file)
            ?? FileOf(request, typeof(SwaggerUIOptions).Assembly, SwaggerUi, file)
            ?? Problem.NotFound("file", file);

    [AllowAnyone]
    [NotRateLimited]
    [Audit.NotAudited]
    [AnswersIn("*/*")]
    [Function("OpenApi")]
    public static IResult OpenApi([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/openapi.yaml")] HttpRequest request) =>
        FileOf(request, typeof(ApiDocsTriggers).Assembly, Own, "openapi.yaml")!;

    /// <summary>A file that is part of the program, so that its version tells whether a browser's copy still holds; null when there is none.</summary>
    private static IResult? FileOf(HttpRequest request, Assembly assembly, string folder, string file)
    {
        if (!s_types.TryGetValue(Path.GetExtension(file), out var type) || assembly.GetManifestResourceStream(folder + file) is not { } stream)
        {
            return null;
        }

        var etag = $"\"{assembly.ManifestModule.ModuleVersionId:N}\"";
        request.HttpContext.Response.Headers.CacheControl = "public, no-cache";
        return Results.Stream(Inflated(stream), type, entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue(etag));
    }

    /// <summary>The package stores its files compressed.</summary>
    private static Stream Inflated(Stream stream)
    {
        Span<byte> magic = stackalloc byte[2];
        var read = stream.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        stream.Position = 0;
        return read == 2 && magic is [0x1F, 0x8B] ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }
}
