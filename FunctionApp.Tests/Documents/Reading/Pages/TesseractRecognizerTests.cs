using Advisor.Documents.Reading.Pages;
using Advisor.Kernel.Reasoning;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Reading.Pages;

/// <summary>The programs of this machine.</summary>
public sealed class TesseractRecognizerTests : PageRecognizerContract
{
    public TesseractRecognizerTests()
    {
        SystemTool.Require("pdftoppm", "poppler-utils");
        SystemTool.Require("tesseract", "tesseract-ocr");
    }

    protected override IPageRecognizer Recognizer { get; } = new TesseractRecognizer();

    protected override ReadingMethod Method => ReadingMethod.Ocr;

    [Fact]
    public async Task ReadAsync_Scan_NamesTheProgramAndItsVersion() =>
        (await Recognizer.ReadAsync(Scan, [Empty(1)], Cancel))[0].Engine.ShouldNotBeNull().ShouldMatch(@"\Atesseract v?[0-9]+\.[0-9.]+\z");
}
