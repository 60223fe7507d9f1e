using Advisor.Documents.Reading.Pages;
using Advisor.Kernel.Reasoning;
using Advisor.Tests.Documents.EndToEnd;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Reading.Pages;

/// <summary>What everything that recognises pages promises.</summary>
public abstract class PageRecognizerContract : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("advisor-recognizer-");

    protected static string Scan => AdvisorFixture.Sample("scanned-page.pdf");

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract IPageRecognizer Recognizer { get; }

    /// <summary>The way in which this one says that it read a page.</summary>
    protected abstract ReadingMethod Method { get; }

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task ReadAsync_Scan_GivesWordsWithPlacesAndConfidences()
    {
        var page = (await Recognizer.ReadAsync(Scan, [Empty(1)], Cancel)).ShouldHaveSingleItem();

        (page.Number, page.ReadBy, page.Turn).ShouldBe((1, Method, 0));
        page.Engine.ShouldNotBeNull().ShouldMatch(@"\A[a-z-]+ .*[0-9]+[.-][0-9]+");
        (page.Width, page.Height).ShouldBe((612, 792));
        string.Join(' ', page.Words.Select(word => word.Text)).ShouldContain("Total assets");
        page.Words.ShouldAllBe(word => word.Confidence >= 0 && word.Confidence <= 1);
        ShouldLieOnThePage(page);
    }

    /// <summary>The reader of the text layer tells its size as it would be without the turn.</summary>
    [Fact]
    public async Task ReadAsync_PageThatIsShownTurned_GivesPlacesOnThePageAsItIsShown()
    {
        var page = (await Recognizer.ReadAsync(Turned(), [Empty(1)], Cancel)).ShouldHaveSingleItem();

        (page.Width, page.Height).ShouldBe((792, 612));
        ShouldLieOnThePage(page);
    }

    [Fact]
    public async Task ReadAsync_NoPages_GivesNone() => (await Recognizer.ReadAsync(Scan, [], Cancel)).ShouldBeEmpty();

    [Fact]
    public async Task ReadAsync_NotAPdf_FailsAndNamesThePage()
    {
        var file = NotAPdf();

        var fault = await Should.ThrowAsync<ReadingToolException>(Recognizer.ReadAsync(file, [Empty(1)], Cancel));
        fault.Message.ShouldMatch(@"\APages? 1 could not be (recognised|rendered): ");
    }

    [Fact]
    public async Task ReadAsync_CallerGivesUp_IsCancelled() =>
        await Should.ThrowAsync<OperationCanceledException>(Recognizer.ReadAsync(Scan, [Empty(1)], new CancellationToken(canceled: true)));

    /// <summary>A page as the reader of the text layer leaves it where there is none.</summary>
    protected static PageReading Empty(int number) => new(number, 612, 792, ReadingMethod.TextLayer, []);

    protected static void ShouldLieOnThePage(PageReading page) => page.Words.ShouldAllBe(word =>
        word.Left >= 0 && word.Left < word.Right && word.Right <= page.Width && word.Top >= 0 && word.Top < word.Bottom && word.Bottom <= page.Height);

    /// <summary>The scan, with a page that viewers show turned by a quarter.</summary>
    protected string Turned()
    {
        var pdf = File.ReadAllText(Scan, System.Text.Encoding.Latin1);
        pdf.ShouldContain("/Type /Page /Parent");
        return Write("turned.pdf", pdf.Replace("/Type /Page /Parent", "/Type /Page /Rotate 90 /Parent", StringComparison.Ordinal));
    }

    protected string NotAPdf() => Write("not-a.pdf", "no pages here");

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content, System.Text.Encoding.Latin1);
        return path;
    }
}
