using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace Advisor.Kernel.Http;

/// <summary>The largest request body, and what becomes of larger ones.</summary>
/// <remarks>
/// The web server itself would close the connection on a client that is still sending, which then never reads why. So the server's own
/// limit is higher: the function meets ours while it reads, answers, and the server reads on for a few seconds before it closes.
/// </remarks>
internal static class BodyLimit
{
    /// <summary>The product's 50 MB for a document, and room for the multipart around it.</summary>
    public const long MaxBytes = 52L * 1024 * 1024;

    /// <summary>What the server reads of a body that was refused, to let the client hear of it.</summary>
    private const long DiscardedBytes = 64L * 1024 * 1024;

    public static IServiceCollection AddBodyLimit(this IServiceCollection services) => services
        .Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = MaxBytes + DiscardedBytes)
        .Configure<FormOptions>(form => form.MultipartBodyLengthLimit = MaxBytes);

    public static Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        http.Request.Body = new LimitedBody(http.Request.Body, http.Request.ContentLength ?? 0);
        return next(http);
    }

    /// <summary>Throws what Kestrel throws where a body goes beyond the limit.</summary>
    private sealed class LimitedBody(Stream body, long announced) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Check(announced);
            var count = await body.ReadAsync(buffer, cancellationToken);
            Check(_read += count);
            return count;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count)
        {
            Check(announced);
            var read = body.Read(buffer, offset, count);
            Check(_read += read);
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private static void Check(long bytes)
        {
            if (bytes > MaxBytes)
            {
                throw new BadHttpRequestException("The request body is too large.", StatusCodes.Status413PayloadTooLarge);
            }
        }
    }
}
