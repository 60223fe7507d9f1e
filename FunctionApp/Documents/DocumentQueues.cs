namespace Advisor.Documents;

/// <summary>The workflow's own queue.</summary>
public static class DocumentQueues
{
    public const string Ingestion = "ingestion-queue";
}

/// <summary>Asks for the ingestion that the record describes to be carried out.</summary>
public sealed record IngestionRequested(string IngestionId);
