using Advisor.Documents.Contracts;
using Advisor.Documents.Intake;
using Advisor.Insights.Contracts;
using Advisor.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Advisor.Documents;

/// <summary>An upload or a URL to fetch, as asked for; exactly one of <see cref="File"/> and <see cref="Url"/> is set.</summary>
/// <param name="Company">Whose document it is; null to have it found in the document.</param>
public sealed record IngestRequest(string Name, byte[]? File, string? Url, string? DeclaredType, IReadOnlyList<string> Types, string? Company = null)
{
    /// <summary>Room for the parts and headers around the file in a multipart body.</summary>
    private const long MultipartOverhead = 1024 * 1024;

    /// <summary>What file systems take.</summary>
    private const int MaxNameLength = 255;

    private static readonly string[] s_types = ["pdf", "excel", "csv"];

    /// <summary>Reads the body, JSON or multipart/form-data.</summary>
    /// <returns>The request, or the problem with it.</returns>
    public static async Task<(IngestRequest? Request, Problem? Problem)> ReadAsync(HttpRequest http, DocumentsOptions options, CancellationToken cancellationToken)
    {
        if (http.ContentLength > options.MaxBytes + MultipartOverhead)
        {
            return (null, DocumentProblems.Of(new IntakeRejection.OversizedFile(http.ContentLength.Value, options.MaxBytes)));
        }

        try
        {
            return http.HasFormContentType
                ? await FromFormAsync(http, cancellationToken)
                : await FromJsonAsync(http, cancellationToken);
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, DocumentProblems.Of(new IntakeRejection.OversizedFile(options.MaxBytes + 1, options.MaxBytes)));
        }
        catch (Exception fault) when (fault is InvalidDataException || (fault is IOException and not BadHttpRequestException && !cancellationToken.IsCancellationRequested))
        {
            // A multipart body without its end is an IOException of the reader.
            return (null, Problem.Invalid("file", "The multipart body is malformed or too large; send one part named 'file'."));
        }
        catch (BadHttpRequestException)
        {
            return (null, Problem.Invalid("file", "The body ended early; send the whole file."));
        }
    }

    private static async Task<(IngestRequest?, Problem?)> FromFormAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        var form = await http.ReadFormAsync(cancellationToken);
        var url = Text(form["document_url"]);
        var file = form.Files.GetFile("file");
        if (file is null == url is null)
        {
            return (null, Problem.Invalid("file", "Send one part named 'file', or a 'document_url', and not both."));
        }

        byte[]? content = null;
        if (file is not null)
        {
            content = new byte[file.Length];
            await using var stream = file.OpenReadStream();
            await stream.ReadExactlyAsync(content, cancellationToken);
        }

        var types = form["analysis_types"].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        return Validate(file?.FileName, content, url, Text(form["document_type"]), types, Text(form["company"]));
    }

    private static async Task<(IngestRequest?, Problem?)> FromJsonAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.ReadAsync<UrlBody>(http, "{\"document_url\": \"https://...\"}; files are sent as multipart/form-data", cancellationToken);
        return body is null ? (null, problem)
            : body.DocumentUrl is not { Length: > 0 } url ? (null, Problem.Invalid("document_url", "Give a 'document_url', or send the file as multipart/form-data."))
            : Validate(null, null, url, body.DocumentType, body.AnalysisTypes ?? [], body.Company);
    }

    /// <summary>Checks what every way in has in common.</summary>
    internal static (IngestRequest? Request, Problem? Problem) Validate(string? name, byte[]? file, string? url, string? declaredType, IReadOnlyList<string?> types, string? company = null)
    {
        declaredType = declaredType?.ToLowerInvariant();
        if (declaredType is not null && !s_types.Contains(declaredType))
        {
            return (null, Problem.Invalid("document_type", "'document_type' is pdf, excel or csv; leave it out to have it found from the content."));
        }

        var asked = types.Select(type => type?.ToLowerInvariant() ?? "null").Distinct().ToList();
        if (asked.Find(type => !AnalysisTypes.All.Contains(type)) is { } unknown)
        {
            return (null, Problem.Invalid("analysis_types", $"'{unknown}' is not an analysis; choose among {string.Join(", ", AnalysisTypes.All)}."));
        }

        if (company is not null && InvalidCompany(company = company.Trim()) is { } problem)
        {
            return (null, problem);
        }

        name ??= Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.Segments[^1].Trim('/') : "";
        name = Path.GetFileName(name.Replace('\\', '/'));
        if (name.Length > MaxNameLength)
        {
            return (null, Problem.Invalid(url is null ? "file" : "document_url", $"A file's name has at most {MaxNameLength} characters, and this one has {name.Length}; shorten it."));
        }

        return (new IngestRequest(name.Length == 0 ? "document" : name, file, url, declaredType, asked.Count == 0 ? AnalysisTypes.All : asked, company), null);
    }

    /// <summary>What is wrong with a company's name as somebody gives it; null when nothing is.</summary>
    internal static Problem? InvalidCompany(string company) => company.Length <= CompanyName.MaxLength && CompanyName.Normalized(company) is not null && !company.Any(char.IsControl)
        ? null
        : Problem.Invalid("company", $"'company' is a name of at most {CompanyName.MaxLength} characters with a letter or digit in it; leave it out to have it found in the document.");

    private static string? Text(Microsoft.Extensions.Primitives.StringValues value) => value.ToString() is { Length: > 0 } text ? text : null;

    private sealed record UrlBody(string? DocumentUrl, string? DocumentType, IReadOnlyList<string?>? AnalysisTypes, string? Company);
}
