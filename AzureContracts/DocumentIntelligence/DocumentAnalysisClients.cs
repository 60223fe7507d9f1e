// The real package is not annotated for nullable references; neither is this.
#nullable disable

using Azure.Core;
using AzureContracts;

namespace Azure.AI.FormRecognizer.DocumentAnalysis;

/// <summary>Settings of the clients; its base has retries and transport.</summary>
public class DocumentAnalysisClientOptions : ClientOptions
{
    public DocumentAnalysisClientOptions(ServiceVersion version = ServiceVersion.V2023_07_31) => Version = version;

    public ServiceVersion Version { get; }

    /// <summary>Versions of the service's interface that the package speaks.</summary>
    public enum ServiceVersion
    {
        V2022_08_31 = 1,
        V2023_07_31 = 2,
    }
}

/// <summary>Has documents analysed.</summary>
public class DocumentAnalysisClient
{
    protected DocumentAnalysisClient()
    {
    }

    public DocumentAnalysisClient(Uri endpoint, TokenCredential credential, DocumentAnalysisClientOptions options)
    {
    }

    public virtual Task<AnalyzeDocumentOperation> AnalyzeDocumentAsync(
        WaitUntil waitUntil, string modelId, Stream document, AnalyzeDocumentOptions options = null, CancellationToken cancellationToken = default) =>
        throw RealPackage.Needed("DocumentAnalysisClient.AnalyzeDocumentAsync", "DocumentIntelligence");
}

/// <summary>Manages the models of a resource, and tells about the resource.</summary>
public class DocumentModelAdministrationClient
{
    protected DocumentModelAdministrationClient()
    {
    }

    public DocumentModelAdministrationClient(Uri endpoint, TokenCredential credential, DocumentAnalysisClientOptions options)
    {
    }

    public virtual Task<Response<ResourceDetails>> GetResourceDetailsAsync(CancellationToken cancellationToken = default) =>
        throw RealPackage.Needed("DocumentModelAdministrationClient.GetResourceDetailsAsync", "DocumentIntelligence");
}

/// <summary>An analysis under way.</summary>
public class AnalyzeDocumentOperation : Operation<AnalyzeResult>
{
    protected AnalyzeDocumentOperation()
    {
    }

    public override bool HasCompleted => throw RealPackage.Needed("AnalyzeDocumentOperation.HasCompleted", "DocumentIntelligence");

    public override bool HasValue => throw RealPackage.Needed("AnalyzeDocumentOperation.HasValue", "DocumentIntelligence");

    public override string Id => throw RealPackage.Needed("AnalyzeDocumentOperation.Id", "DocumentIntelligence");

    public override AnalyzeResult Value => throw RealPackage.Needed("AnalyzeDocumentOperation.Value", "DocumentIntelligence");

    public override Response GetRawResponse() => throw RealPackage.Needed("AnalyzeDocumentOperation.GetRawResponse", "DocumentIntelligence");

    public override Response UpdateStatus(CancellationToken cancellationToken = default) =>
        throw RealPackage.Needed("AnalyzeDocumentOperation.UpdateStatus", "DocumentIntelligence");

    public override ValueTask<Response> UpdateStatusAsync(CancellationToken cancellationToken = default) =>
        throw RealPackage.Needed("AnalyzeDocumentOperation.UpdateStatusAsync", "DocumentIntelligence");

    public override ValueTask<Response<AnalyzeResult>> WaitForCompletionAsync(CancellationToken cancellationToken = default) =>
        throw RealPackage.Needed("AnalyzeDocumentOperation.WaitForCompletionAsync", "DocumentIntelligence");

    public override ValueTask<Response<AnalyzeResult>> WaitForCompletionAsync(TimeSpan pollingInterval, CancellationToken cancellationToken = default) =>
        throw RealPackage.Needed("AnalyzeDocumentOperation.WaitForCompletionAsync", "DocumentIntelligence");
}

/// <summary>What of a document is analysed.</summary>
public class AnalyzeDocumentOptions
{
    /// <summary>Page numbers from 1 and ranges of them, <c>3-5</c>; empty for all.</summary>
    public IList<string> Pages { get; } = [];
}
