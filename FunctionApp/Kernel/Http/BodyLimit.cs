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

    private const string BrokeOffKey = "advisor.body-broke-off";

    public static IServiceCollection AddBodyLimit(this IServiceCollection services) => services
        .Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = MaxBytes + DiscardedBytes)
        .Configure<FormOptions>(form => form.MultipartBodyLengthLimit = MaxBytes);

    public static Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        http.Request.Body = new LimitedBody(http);
        return next(http);
    }

    /// <summary>Whether the request's body broke off while it was read: its sender left, fell silent, or sent less than was announced.</summary>
    /// <remarks>The server may tell the reader so before, after, or without ever telling that the request was aborted.</remarks>
    public static bool BrokeOff(HttpContext http) => http.Items.ContainsKey(BrokeOffKey);

    /// <summary>Throws what Kestrel throws where a body goes beyond the limit, and notes where one breaks off.</summary>
    private sealed class LimitedBody(HttpContext http) : Stream
    {
        private readonly Stream _body = http.Request.Body;
        private readonly long _announced = http.Request.ContentLength ?? 0;
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
            Check(_announced);
            try
            {
                var count = await _body.ReadAsync(buffer, cancellationToken);
                Check(_read += count);
                return count;
            }
            catch (Exception fault) when (IsBreak(fault, cancellationToken))
            {
                http.Items[BrokeOffKey] = true;
                throw;
            }
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) =>
            throw new NotSupportedException("The web server does not let a body be read while a thread waits.");

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        /// <summary>A cancellation that the reader did not ask for is the server's word for a connection that is gone.</summary>
        private static bool IsBreak(Exception fault, CancellationToken asked) => fault switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => false,
            IOException => true,
            OperationCanceledException => !asked.IsCancellationRequested,
            _ => false,
        };

        private static void Check(long bytes)
        {
            if (bytes > MaxBytes)
            {
                throw new BadHttpRequestException("The request body is too large.", StatusCodes.Status413PayloadTooLarge);
            }
        }
    }
}
