using System.Globalization;
using System.Text.Json;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Http;
using Spectre.Console;

namespace Advisor.Embedded.Cli;

/// <summary>The audit log for people, and its verification for programs.</summary>
internal static class AuditReport
{
    private static readonly JsonSerializerOptions s_indented = new(AdvisorJson.Options) { WriteIndented = true };

    public static void WriteJson(IReadOnlyList<AuditVerdict> verdicts, CliConsole console) => console.Output.WriteLine(JsonSerializer.Serialize(
        new { Intact = verdicts.All(verdict => verdict.Fault is null), Partitions = verdicts.Select(verdict => new VerdictView(verdict)) }, s_indented));

    public static void Write(IReadOnlyList<AuditVerdict> verdicts, CliConsole console)
    {
        if (verdicts.Count == 0)
        {
            console.Output.WriteLine("The audit log is empty.");
            return;
        }

        console.DrawOutput(draw =>
        {
            var table = new Table { Border = TableBorder.Horizontal };
            table.AddColumn("Month");
            table.AddColumn(new TableColumn("Entries").RightAligned());
            table.AddColumn("First (UTC)");
            table.AddColumn("Last (UTC)");
            table.AddColumn("State");
            foreach (var verdict in verdicts)
            {
                table.AddRow(
                    new Text(verdict.Partition),
                    new Text(verdict.Entries.ToString("#,0", CultureInfo.InvariantCulture)),
                    new Text(Time(verdict.First)),
                    new Text(Time(verdict.Last)),
                    verdict.Fault is { } fault ? new Text(fault.Kind.ToString().ToLowerInvariant(), new Style(Color.Red)) : new Text("intact", new Style(Color.Green)));
            }

            draw.Write(table);
        });

        // Below the table, whole, because these are copied into --expect; nobody should come to expect a broken month.
        foreach (var verdict in verdicts.Where(verdict => verdict is { HeadHash: not null, Fault: null }))
        {
            console.Output.WriteLine($"{verdict.Partition}={verdict.HeadHash}");
        }

        foreach (var verdict in verdicts)
        {
            if (verdict.Fault is { } fault)
            {
                var row = fault.RowKey is { } key ? $" at {TerminalText.Of(key)}" : "";
                console.Error.WriteLine($"{verdict.Partition}: {fault.Kind.ToString().ToLowerInvariant()}{row}: {fault.Reason}.");
            }
        }
    }

    public static void Write(IReadOnlyList<AuditEntry> entries, CliConsole console)
    {
        if (entries.Count == 0)
        {
            console.Output.WriteLine("There are no such entries.");
            return;
        }

        console.DrawLines(["Time (UTC)", "Tenant", "User", "Result", "Action", "Resource"], entries.Select(entry => new Text[]
        {
            new(Time(entry.Timestamp)), new(entry.Tenant?.Value ?? "-"), new(TerminalText.Of(entry.UserId)),
            new(TerminalText.Of(entry.Result), Colour(entry.Result)), new(TerminalText.Of(entry.Action)), new(TerminalText.Of(entry.Resource)),
        }));
    }

    private static Style Colour(string result) => result switch
    {
        "refused" or "aborted" => new Style(Color.Yellow),
        "failed" => new Style(Color.Red),
        _ => Style.Plain,
    };

    private static string Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "-";

    private sealed record VerdictView(
        string Partition, long Entries, DateTimeOffset? First, DateTimeOffset? Last, string? HeadHash, string State, string? BrokenRow, string? Reason)
    {
        public VerdictView(AuditVerdict verdict)
            : this(
                verdict.Partition, verdict.Entries, verdict.First, verdict.Last, verdict.HeadHash,
                verdict.Fault?.Kind.ToString().ToLowerInvariant() ?? "intact", verdict.Fault?.RowKey, verdict.Fault?.Reason)
        {
        }
    }
}
