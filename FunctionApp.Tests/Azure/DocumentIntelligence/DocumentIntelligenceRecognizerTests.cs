using Advisor.Azure;
using Advisor.Documents.Reading.Pages;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Telemetry;
using Advisor.Tests.Documents.Reading.Pages;
using Azure;
using Azure.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using static Advisor.Tests.Azure.DocumentIntelligence.LayoutService;

namespace Advisor.Tests.Azure.DocumentIntelligence;

/// <summary>What everything that recognises pages promises, over a client that stands in for the service; and what is asked of it.</summary>
public sealed class DocumentIntelligenceRecognizerTests : PageRecognizerContract
{
    private static readonly AdvisorMetrics s_metrics = new(new FunctionTriggers(typeof(Composition).Assembly));

    private readonly LayoutService _service = new();

    /// <summary>The service shows pages as viewers do, and takes PDFs alone here.</summary>
    public DocumentIntelligenceRecognizerTests() => _service.Answer = pages =>
    {
        var content = System.Text.Encoding.Latin1.GetString(_service.Sent[^1].Content);
        if (!content.StartsWith("%PDF", StringComparison.Ordinal))
        {
            throw Failed(400, "InvalidRequest");
        }

        var (width, height) = content.Contains("/Rotate 90", StringComparison.Ordinal) ? (11f, 8.5f) : (8.5f, 11f);
        return Result([.. pages.Select(page => Page(page, [Word("Total", 1, 1, 1.5f, 1.2f), Word("assets", 1.6f, 1, 2, 1.2f), Word("99", width - 1, 8, width, 8.2f)], width, height))]);
    };

    protected override IPageRecognizer Recognizer => new DocumentIntelligenceRecognizer(_service.Client);

    protected override ReadingMethod Method => ReadingMethod.Service;

    /// <summary>Status and code, as a request is refused with it.</summary>
    public static TheoryData<int, string> Outages => new()
    {
        { 429, "TooManyRequests" },
        { 408, "Timeout" },
        { 500, "InternalServerError" },
        { 503, "ServiceUnavailable" },
        { 0, "" },
    };

    [Fact]
    public async Task ReadAsync_PagesOfALongDocument_SendsTheFileOnceAndNamesThePages()
    {
        var read = await Recognizer.ReadAsync(Scan, [Empty(3), Empty(4), Empty(5), Empty(9)], Cancel);

        read.Select(page => page.Number).ShouldBe([3, 4, 5, 9]);
        var sent = _service.Sent.ShouldHaveSingleItem();
        (sent.Wait, sent.Model, sent.Pages).ShouldBe((WaitUntil.Started, "prebuilt-layout", "3-5,9"));
        sent.Content.ShouldBe(await File.ReadAllBytesAsync(Scan, Cancel));
        _service.Look.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task ReadAsync_Answer_NamesTheModelAndItsVersion() =>
        (await Recognizer.ReadAsync(Scan, [Empty(1)], Cancel))[0].Engine.ShouldBe("document-intelligence prebuilt-layout 2023-07-31");

    [Fact]
    public async Task ReadAsync_NoPages_AsksNothing()
    {
        await Recognizer.ReadAsync(Scan, [], Cancel);

        _service.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task ReadAsync_PagesInAnyOrderWithOthers_GivesThoseThatWereAskedForInTheirOrder()
    {
        _service.Answer = _ => Result([Page(7, [Word("seven", 1, 1, 2, 2)]), Page(2, [Word("two", 1, 1, 2, 2)]), Page(1, [Word("one", 1, 1, 2, 2)])]);

        var read = await Recognizer.ReadAsync(Scan, [Empty(2), Empty(7)], Cancel);
        read.Select(page => (page.Number, page.Words.ShouldHaveSingleItem().Text)).ShouldBe([(2, "two"), (7, "seven")]);
    }

    /// <summary>A part of an answer is no answer: what is missing would be a page without figures.</summary>
    [Fact]
    public async Task ReadAsync_AnswerWithoutAPage_FailsAndSaysWhich()
    {
        _service.Answer = _ => Result([Page(1, []), Page(2, [])]);

        var fault = await Should.ThrowAsync<ReadingToolException>(Recognizer.ReadAsync(Scan, [Empty(1), Empty(2), Empty(3)], Cancel));
        fault.Message.ShouldBe("Page 3 could not be recognised: Document Intelligence left it out of its answer to pages 1-3 (its free tier F0 reads the first two pages of a request and no more).");
    }

    [Fact]
    public async Task ReadAsync_PageOfNoSize_FailsAndSaysWhich()
    {
        _service.Answer = _ => Result([Page(1, [], width: null)]);

        (await Should.ThrowAsync<ReadingToolException>(Recognizer.ReadAsync(Scan, [Empty(1)], Cancel)))
            .Message.ShouldBe("Page 1 could not be recognised: Document Intelligence does not say how large it is.");
    }

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task ReadAsync_RequestRefused_IsTransient(int status, string code)
    {
        _service.Refusal = Failed(status, code);

        await ShouldBeTransientAsync(status);
    }

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task ReadAsync_LookRefused_IsTransient(int status, string code)
    {
        _service.Failure = Failed(status, code);

        await ShouldBeTransientAsync(status);
    }

    [Fact]
    public async Task ReadAsync_NoAnswerToAnyAttemptOfTheClient_IsTransient()
    {
        _service.Refusal = new AggregateException("Retry failed after 4 tries.", Failed(0, ""), new TaskCanceledException("The operation was cancelled because it exceeded the configured timeout."));

        await ShouldBeTransientAsync(408);
    }

    [Theory]
    [InlineData(401, "Unauthorized")]
    [InlineData(403, "AuthorizationFailed")]
    public async Task ReadAsync_Forbidden_NamesTheRole(int status, string code)
    {
        _service.Refusal = Failed(status, code);

        (await Should.ThrowAsync<UnauthorizedAccessException>(ReadAsync())).Message
            .ShouldBe($"Document Intelligence does not let the app's identity in ({status} {code}): give it the role that docs/azure.md names; a new role takes some minutes to hold.");
    }

    [Fact]
    public async Task ReadAsync_NoToken_NamesTheRole()
    {
        _service.Refusal = new CredentialUnavailableException("nobody");

        (await Should.ThrowAsync<UnauthorizedAccessException>(ReadAsync())).Message.ShouldContain("(no token)");
    }

    [Fact]
    public async Task ReadAsync_NoSuchModelOrResource_FailsForGood()
    {
        _service.Refusal = Failed(404, "NotFound");

        var fault = await Should.ThrowAsync<InvalidOperationException>(ReadAsync());
        fault.Message.ShouldBe("Document Intelligence answered 404 (NotFound): see docs/azure.md.");
        TransientFaults.Is(fault).ShouldBeFalse();
    }

    [Theory]
    [InlineData(400, "InvalidRequest", "answered 400 (InvalidRequest)")]
    [InlineData(413, null, "answered 413")]
    [InlineData(415, "UnsupportedMediaType", "answered 415 (UnsupportedMediaType)")]
    public async Task ReadAsync_ContentRefused_FailsThePagesAndNotTheService(int status, string? code, string message)
    {
        _service.Refusal = Failed(status, code);

        await ShouldFailThePagesAsync(message);
    }

    /// <summary>The client throws the last answer, which told of the failure with the status of a success.</summary>
    [Theory]
    [InlineData("InternalServerError")]
    [InlineData("InvalidContentDimensions")]
    public async Task ReadAsync_AnalysisThatEndsAsFailed_FailsThePagesAndNotTheService(string code)
    {
        _service.Failure = Failed(200, code);

        await ShouldFailThePagesAsync($"gave the analysis up ({code})");
    }

    [Fact]
    public async Task ReadAsync_AnalysisThatNeverEnds_IsLeftWhenTheTimeOfAnAttemptIsOver()
    {
        _service.NeverEnds = true;
        using var dependency = Wrapped(new DependencyOptions { AttemptTimeout = TimeSpan.FromMilliseconds(40), MaxRetries = 1, RetryDelay = TimeSpan.Zero, MinimumThroughput = 2 }, out var recognizer);

        await Should.ThrowAsync<DependencyUnavailableException>(recognizer.ReadAsync(Scan, [Empty(1)], Cancel));
        _service.Sent.Count.ShouldBe(2);
        dependency.Circuit.ShouldBe(CircuitStatus.Open);
        await Should.ThrowAsync<DependencyUnavailableException>(recognizer.ReadAsync(Scan, [Empty(1)], Cancel));
        _service.Sent.Count.ShouldBe(2, "the circuit is open");
    }

    [Fact]
    public async Task ReadAsync_ThrottledOnce_IsAskedAgain()
    {
        (_service.Refusal, _service.Refusals) = (Failed(429, "TooManyRequests"), 1);
        using var dependency = Wrapped(new DependencyOptions { MaxRetries = 1, RetryDelay = TimeSpan.Zero }, out var recognizer);

        (await recognizer.ReadAsync(Scan, [Empty(1)], Cancel)).ShouldHaveSingleItem().Number.ShouldBe(1);
        _service.Sent.Count.ShouldBe(2);
    }

    [Fact]
    public async Task ReadAsync_ContentRefused_IsNeitherRepeatedNorCounted()
    {
        _service.Refusal = Failed(400, "InvalidRequest");
        using var dependency = Wrapped(new DependencyOptions { MaxRetries = 3, RetryDelay = TimeSpan.Zero, MinimumThroughput = 2 }, out var recognizer);

        for (var i = 0; i < 3; i++)
        {
            await Should.ThrowAsync<ReadingToolException>(recognizer.ReadAsync(Scan, [Empty(1)], Cancel));
        }

        _service.Sent.Count.ShouldBe(3);
        dependency.Circuit.ShouldBe(CircuitStatus.Closed);
    }

    private Task<IReadOnlyList<PageReading>> ReadAsync() => Recognizer.ReadAsync(Scan, [Empty(1)], Cancel);

    private async Task ShouldBeTransientAsync(int status)
    {
        var fault = await Should.ThrowAsync<AzureServiceException>(ReadAsync());
        (fault.Service, fault.Status).ShouldBe(("Document Intelligence", status == 0 ? 503 : status));
        TransientFaults.Is(fault).ShouldBeTrue();
    }

    private async Task ShouldFailThePagesAsync(string what)
    {
        var fault = await Should.ThrowAsync<ReadingToolException>(Recognizer.ReadAsync(Scan, [Empty(2), Empty(3)], Cancel));
        fault.Message.ShouldBe($"Pages 2-3 could not be recognised: Document Intelligence {what}.");
        TransientFaults.Is(fault).ShouldBeFalse();
    }

    private Dependency Wrapped(DependencyOptions options, out IPageRecognizer recognizer)
    {
        var dependency = new Dependency(
            Dependencies.PageReading, options, TimeSpan.Zero, breaks: true, s_metrics, TimeProvider.System, NullLogger.Instance, Cancel);
        recognizer = new ResilientPageRecognizer(Recognizer, dependency);
        return dependency;
    }
}
