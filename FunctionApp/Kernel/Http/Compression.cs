using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Advisor.Kernel.Http;

/// <summary>Brotli and gzip for text answers. Streams are not held back by it, and originals are as compressed as they will be.</summary>
internal static class Compression
{
    /// <summary>Below this a compressed body is hardly smaller, and costs the client more than it saves.</summary>
    private const long WorthIt = 1024;

    private static readonly string[] s_text =
        ["application/json", "application/problem+json", "text/markdown", "application/yaml", "text/yaml", "text/html", "text/css", "text/javascript"];

    public static IServiceCollection AddCompression(this IServiceCollection services)
    {
        services.AddResponseCompression(options =>
        {
            // A guess at a secret by the size of answers needs a browser that signs a stranger's requests; here a script sets the token.
            options.EnableForHttps = true;
            options.MimeTypes = s_text;
        });
        return services.Replace(ServiceDescriptor.Singleton<IResponseCompressionProvider, OfWorthyBodies>());
    }

    /// <summary>Says of an answer as it is, too, that others get it compressed. The framework tells only who sends <c>Accept-Encoding</c>, and a cache between would give everyone that form.</summary>
    public static Task VaryAsync(HttpContext http, RequestDelegate next)
    {
        if (StringValues.IsNullOrEmpty(http.Request.Headers.AcceptEncoding))
        {
            http.Response.OnStarting(() =>
            {
                var headers = http.Response.Headers;
                if (http.RequestServices.GetRequiredService<IResponseCompressionProvider>().ShouldCompressResponse(http)
                    && !headers.GetCommaSeparatedValues(HeaderNames.Vary).Contains(HeaderNames.AcceptEncoding, StringComparer.OrdinalIgnoreCase))
                {
                    headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
                }

                return Task.CompletedTask;
            });
        }

        return next(http);
    }

    private sealed class OfWorthyBodies(IServiceProvider services, IOptions<ResponseCompressionOptions> options) : ResponseCompressionProvider(services, options)
    {
        public override bool ShouldCompressResponse(HttpContext context) =>
            context.Response.ContentLength is null or >= WorthIt && base.ShouldCompressResponse(context);
    }
}
