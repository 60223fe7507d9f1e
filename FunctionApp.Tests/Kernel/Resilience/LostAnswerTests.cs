using Advisor.Kernel.Audit;
using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Telemetry;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Resilience;

/// <summary>A write that was done and reported as failed is repeated; the second must know the first for its own.</summary>
public sealed class LostAnswerTests
{
    private static readonly RecordContainer<Note> s_notes = new("notes");
    private static readonly TenantId s_tenant = new("northwind");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_AnswerLost_SucceedsOnceAndConflictsWithOthersStill()
    {
        var outage = new Outage();
        await using var advisor = await RunningAdvisor.StartAsync(outage.Register);
        var records = advisor.Services.GetRequiredService<IRecordStore>();

        outage.LoseTheAnswerOf("create notes");
        var created = await records.CreateAsync(s_notes, s_tenant, "1", new Note("mine"), Cancel);
        outage.LoseTheAnswerOf("put notes");
        var put = await records.PutAsync(s_notes, s_tenant, "1", new Note("mine, changed"), created.ETag, Cancel);
        (await records.FindAsync(s_notes, s_tenant, "1", Cancel))!.ETag.ShouldBe(put.ETag);

        await Should.ThrowAsync<RecordConflictException>(() => records.CreateAsync(s_notes, s_tenant, "1", new Note("another's"), Cancel));
        await Should.ThrowAsync<RecordConflictException>(() => records.PutAsync(s_notes, s_tenant, "1", new Note("another's"), created.ETag, Cancel));
    }

    [Fact]
    public async Task Append_AnswerLost_RepeatsTheSameEvent()
    {
        using var metrics = new AdvisorMetrics(new FunctionTriggers(typeof(Composition).Assembly));
        using var dependency = new Dependency(
            Dependencies.Audit, new DependencyOptions { RetryDelay = TimeSpan.Zero }, TimeSpan.Zero, breaks: true, metrics, TimeProvider.System, NullLogger.Instance, Cancel);
        var log = new LossyLog();
        await ((IAuditLog)new ResilientAuditLog(log, dependency)).AppendAsync(new AuditEvent(s_tenant, "u", "a", "r", null, "succeeded"), Cancel);
        log.Ids.Count.ShouldBe(2);
        log.Ids.Distinct().ShouldHaveSingleItem().ShouldNotBeNullOrEmpty();
    }

    private sealed record Note(string Text);

    private sealed class LossyLog : IAuditLog
    {
        public List<string?> Ids { get; } = [];

        public Task AppendManyAsync(IReadOnlyList<AuditEvent> audited, CancellationToken cancellationToken)
        {
            Ids.Add(audited.ShouldHaveSingleItem().EventId);
            return Ids.Count == 1 ? throw new IOException("The answer was lost.") : Task.CompletedTask;
        }

        public Task<AuditPage> QueryAsync(TenantId tenant, AuditQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> PartitionsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<AuditEntry> ReadAsync(string partition, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<AuditEntry?> LastAsync(string partition, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
