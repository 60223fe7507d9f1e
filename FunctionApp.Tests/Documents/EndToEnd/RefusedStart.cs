using Microsoft.Extensions.Options;
using Shouldly;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>Settings with which the product refuses to start.</summary>
internal static class RefusedStart
{
    /// <summary>With this setting at this value, and all else right, the host says so in this sentence and nothing more.</summary>
    public static Task ShouldSayAsync(string setting, string? value, string message) => ShouldSayAsync(message, (setting, value));

    /// <summary>The same where it takes several settings to make one mistake; all that was said, for what must not be in it.</summary>
    public static async Task<string> ShouldSayAsync(string message, params (string Name, string? Value)[] settings)
    {
        var fault = await Should.ThrowAsync<OptionsValidationException>(() => RunningAdvisor.StartAsync(settings));
        fault.Failures.ShouldHaveSingleItem().ShouldContain(message);
        return fault.Message;
    }
}
