using Advisor.Documents.Intake;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Net.Http.Headers;

namespace Advisor.Documents;

/// <summary>Documents as they were uploaded.</summary>
/// <param name="downloads">Where the host gives addresses of its store, callers are sent there.</param>
public sealed class OriginalTriggers(KnownDocuments documents, IBlobStore blobs, IBlobDownloads? downloads = null)
{
    private static readonly Problem s_gone = new(StatusCodes.Status404NotFound, "no-original", "The original is not there",
        "The bytes of this document are no longer stored, though its record is; report this to your operator.");

    /// <summary>The bytes, or the ranges of them that are asked for. The entity tag is their SHA-256.</summary>
    /// <remarks>A browser saves them; only a PDF is shown in place when <c>inline=true</c> asks for it, for only a viewer of its own runs what a PDF holds.</remarks>
    [AllowAnyRole]
    [AnswersIn("*/*")]
    [QueryParameters("inline")]
    [Function("GetDocumentOriginal")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/documents/{id}/original")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (stored, absent) = await documents.FindAsync(request.Caller().Tenant, id, cancellationToken);
        if (stored is not { Value: var document })
        {
            return absent!;
        }

        var inline = document.Format == DocumentFormat.Pdf && request.Query["inline"] == "true";
        var disposition = new ContentDispositionHeaderValue(inline ? "inline" : "attachment");
        disposition.SetHttpFileName(string.Concat(document.Name.Where(c => !char.IsControl(c))));
        return downloads is null
            ? await StreamAsync(request.HttpContext.Response, document, disposition.ToString(), inline, cancellationToken)
            : await RedirectAsync(request.HttpContext.Response, document, disposition.ToString(), downloads, cancellationToken);
    }

    private async Task<IResult> StreamAsync(HttpResponse response, DocumentRecord document, string disposition, bool inline, CancellationToken cancellationToken)
    {
        if (await blobs.OpenReadAsync(DocumentRecord.BlobContainer, document.Blob, cancellationToken) is not { } content)
        {
            return s_gone;
        }

        // Closed also when the result is never executed.
        response.RegisterForDisposeAsync(content);
        var headers = response.Headers;
        headers.ContentDisposition = disposition;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "private, no-cache";

        // In a sandbox browsers do not show PDFs at all.
        headers.ContentSecurityPolicy = inline ? "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'" : "default-src 'none'; sandbox";
        return Results.Stream(content, ContentType(document.Format), entityTag: new EntityTagHeaderValue($"\"{document.Sha256}\""), enableRangeProcessing: true);
    }

    /// <summary>The same bytes from the store, which answers ranges itself. What a browser may do with them there is not ours to say, but for their name and type.</summary>
    private async Task<IResult> RedirectAsync(HttpResponse response, DocumentRecord document, string disposition, IBlobDownloads from, CancellationToken cancellationToken)
    {
        if (!await blobs.ExistsAsync(DocumentRecord.BlobContainer, document.Blob, cancellationToken))
        {
            return s_gone;
        }

        var address = await from.AddressAsync(DocumentRecord.BlobContainer, document.Blob, ContentType(document.Format), disposition, cancellationToken);

        // The address is as good as the bytes while it holds.
        response.Headers.CacheControl = "no-store";
        response.Headers.Location = address.AbsoluteUri;
        return Results.StatusCode(StatusCodes.Status307TemporaryRedirect);
    }

    private static string ContentType(DocumentFormat format) => format switch
    {
        DocumentFormat.Pdf => "application/pdf",
        DocumentFormat.Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        DocumentFormat.Xls => "application/vnd.ms-excel",
        _ => "text/csv",
    };
}
