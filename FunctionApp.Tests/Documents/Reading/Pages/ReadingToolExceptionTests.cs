using Advisor.Documents.Reading.Pages;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Reading.Pages;

public sealed class ReadingToolExceptionTests
{
    [Theory]
    [InlineData("", "Page 3 could not be recognised: tesseract ended with code 137 and said nothing.")]
    [InlineData("Error opening data file", "Page 3 could not be recognised: Error opening data file.")]
    [InlineData("No image.", "Page 3 could not be recognised: No image.")]
    public void Of_WhatAToolSaid_IsASentenceWithAReason(string error, string expected) =>
        ReadingToolException.Of("Page 3 could not be recognised", "tesseract", 137, error).Message.ShouldBe(expected);
}
