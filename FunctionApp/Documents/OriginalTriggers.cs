using Advisor.Documents.Intake;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Net.Http.Headers;

namespace Advisor.Documents;

/// <summary>Documents as they were uploaded.</summary>
public sealed class OriginalTriggers(KnownDocuments documents, IBlobStore blobs)
{
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

        if (await blobs.OpenReadAsync(DocumentRecord.BlobContainer, document.Blob, cancellationToken) is not { } content)
        {
            return new Problem(StatusCodes.Status404NotFound, "no-original", "The original is not there",
                "The bytes of this document are no longer stored, though its record is; report this to your operator.");
        }

        // Closed also when the result is never executed.
        request.HttpContext.Response.RegisterForDisposeAsync(content);
        var inline = document.Format == DocumentFormat.Pdf && request.Query["inline"] == "true";
        var disposition = new ContentDispositionHeaderValue(inline ? "inline" : "attachment");
        disposition.SetHttpFileName(string.Concat(document.Name.Where(c => !char.IsControl(c))));
        var headers = request.HttpContext.Response.Headers;
        headers.ContentDisposition = disposition.ToString();
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "private, no-cache";

        // In a sandbox browsers do not show PDFs at all.
        headers.ContentSecurityPolicy = inline ? "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'" : "default-src 'none'; sandbox";
        return Results.Stream(content, ContentType(document.Format), entityTag: new EntityTagHeaderValue($"\"{document.Sha256}\""), enableRangeProcessing: true);
    }

    private static string ContentType(DocumentFormat format) => format switch
    {
        DocumentFormat.Pdf => "application/pdf",
        DocumentFormat.Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        DocumentFormat.Xls => "application/vnd.ms-excel",
        _ => "text/csv",
    };
}
