using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.LanguageModels;

public sealed class LanguageModelOptionsTests
{
    [Theory]
    [InlineData("LanguageModels:MaxPromptTokens=999", "LanguageModels:MaxPromptTokens must be from 1000 to 2000000.")]
    [InlineData("LanguageModels:MaxOutputTokens=15", "LanguageModels:MaxOutputTokens must be from 16 to 200000.")]
    [InlineData("LanguageModels:MaxAnswerBytes=1023", "LanguageModels:MaxAnswerBytes must be from 1024 to 67108864.")]
    [InlineData("LanguageModels:MaxCallTime=00:31:00", "LanguageModels:MaxCallTime must be from 00:00:00.100 to 00:30:00.")]
    [InlineData("LanguageModels:MaxAttempts=0", "LanguageModels:MaxAttempts must be from 1 to 10.")]
    [InlineData("LanguageModels:RetryDelay=00:01:01", "LanguageModels:RetryDelay must be from 00:00:00 to 00:01:00.")]
    [InlineData("LanguageModels:RunTokens=0", "LanguageModels:RunTokens must be at least 1.")]
    [InlineData("LanguageModels:RunUsDollars=0", "LanguageModels:RunUsDollars must be above 0.")]
    [InlineData("LanguageModels:TenantTokensPerDay=0", "LanguageModels:TenantTokensPerDay must be at least 1.")]
    [InlineData("LanguageModels:TenantUsDollarsPerDay=-1", "LanguageModels:TenantUsDollarsPerDay must be above 0.")]
    [InlineData("LanguageModels:Samples=10", "LanguageModels:Samples must be from 1 to 9.")]
    [InlineData("LanguageModels:SampleTemperature=0", "LanguageModels:SampleTemperature must be above 0 and at most 2.")]
    [InlineData("LanguageModels:AllowedModels:0= ", "LanguageModels:AllowedModels must not hold blanks.")]
    [InlineData("LanguageModels:Prices:0:Input=1", "LanguageModels:Prices must each name a Model, and an Input and Output of at least 0.")]
    [InlineData("LanguageModels:Prices:0:Model=a LanguageModels:Prices:1:Model=a", "LanguageModels:Prices must name each model once.")]
    [InlineData("OpenAI:BaseUrl=https://x.example/v1 LanguageModels:RunUsDollars=1", "LanguageModels:Prices must have a price for 'gpt-4o': a limit in dollars could not be held without.")]
    [InlineData(
        "OpenAI:BaseUrl=https://x.example/v1 LanguageModels:TenantUsDollarsPerDay=1 LanguageModels:Prices:0:Model=gpt-4o LanguageModels:AllowedModels:0=other",
        "LanguageModels:Prices must have a price for 'other': a limit in dollars could not be held without.")]
    [InlineData("OpenAI:BaseUrl=http://x.example/v1", "OpenAI:BaseUrl must be an https:// URL without query and user; http:// only on this machine, or with OpenAI:AllowHttp.")]
    [InlineData("OpenAI:BaseUrl=https://user:secret@x.example/v1", "OpenAI:BaseUrl must be an https:// URL without query and user; http:// only on this machine, or with OpenAI:AllowHttp.")]
    [InlineData("OpenAI:BaseUrl=https://x.example/v1 OpenAI:Model= ", "OpenAI:Model must name a model.")]
    [InlineData("OpenAI:BaseUrl=https://x.example/v1 OpenAI:ApiKey=se\u00e9cret", "OpenAI:ApiKey must be visible ASCII characters without blanks.")]
    [InlineData("OpenAI:BaseUrl=https://x.example/v1 AzureOpenAI:Endpoint=https://y.example", "OpenAI:BaseUrl and AzureOpenAI:Endpoint exclude each other: set one.")]
    [InlineData("AzureOpenAI:Endpoint=http://127.0.0.1", "AzureOpenAI:Endpoint must be an https:// URL, such as https://name.openai.azure.com.")]
    [InlineData("AzureOpenAI:Endpoint=https://y.example AzureOpenAI:Deployment=", "AzureOpenAI:Deployment must name a deployment.")]
    [InlineData("AzureOpenAI:Endpoint=https://y.example AzureOpenAI:ApiKey=a\nb", "AzureOpenAI:ApiKey must be visible ASCII characters without blanks.")]
    public async Task Start_InvalidValue_FailsWithItsMessage(string settings, string message)
    {
        var pairs = settings.Split(" ").Aggregate(new List<string>(), (all, part) =>
        {
            if (part.Contains('='))
            {
                all.Add(part);
            }
            else
            {
                all[^1] += $" {part}";
            }

            return all;
        });
        var fault = await Should.ThrowAsync<OptionsValidationException>(() => RunningAdvisor.StartAsync([.. pairs.Select(pair => pair.Split('=', 2)).Select(pair => (pair[0], (string?)pair[1]))]));
        fault.Failures.ShouldBe([message]);
    }

    [Theory]
    [InlineData("OpenAI:BaseUrl", "")]
    [InlineData("AzureOpenAI:Endpoint", " ")]
    public async Task Start_EmptyAddress_IsNone(string name, string value)
    {
        await using var rig = new GatewayRig(null, settings: (name, value));
        rig.Gateway.IsConfigured.ShouldBeFalse();
    }
}
