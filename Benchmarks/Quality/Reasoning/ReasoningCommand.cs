using System.CommandLine;
using System.Text.Json;
using Advisor.Embedded;
using Advisor.Embedded.Cli;
using Advisor.Embedded.ScriptedModels;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Http;
using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.LanguageModels.Prompts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Advisor.Benchmarks.Quality.Reasoning;

/// <summary><c>quality reasoning --data DIR</c>: how a language model answers questions over tables when all it may give is an expression.</summary>
internal static class ReasoningCommand
{
    /// <summary>Exit code where there is no model or no data to measure with.</summary>
    private const int NothingToMeasure = 2;

    private static readonly TimeSpan s_betweenLines = TimeSpan.FromSeconds(5);

    public static Command Create(Option<bool> json) => Create(json, CliConsole.System(), TimeProvider.System);

    internal static Command Create(Option<bool> json, CliConsole console, TimeProvider time)
    {
        var data = new Option<DirectoryInfo>("--data") { Description = "Folder of *.jsonl files with questions, or one that holds table-arithmetic/.", HelpName = "DIR", Required = true };
        var limit = new Option<int?>("--limit") { Description = "Ask only the first N questions.", HelpName = "N" };
        var model = new Option<string?>("--model") { Description = "Another model or deployment than the configured one.", HelpName = "NAME" };
        var concurrency = new Option<int>("--concurrency") { Description = "Questions under way at once, 1 to 64.", HelpName = "N", DefaultValueFactory = _ => 4 };
        var scripted = new Option<string?>("--scripted") { Description = $"Ask a script in place of a model, to measure the measuring: {string.Join(" or ", KeyScripts.Names)}.", HelpName = "SCRIPT" };
        var recordings = new Option<DirectoryInfo?>("--recordings")
        {
            Description = "Where the calls are recorded, so that no question is paid for twice. Default: quality/reasoning in the host's data folder; for a script, nowhere.",
            HelpName = "FOLDER",
        };
        limit.Validators.Add(result => Require(result, result.GetValueOrDefault<int?>() is null or > 0, "Ask at least one question."));
        concurrency.Validators.Add(result => Require(result, result.GetValueOrDefault<int>() is >= 1 and <= 64, "Ask 1 to 64 questions at once."));
        scripted.AcceptOnlyFromAmong([.. KeyScripts.Names]);
        var command = new Command("reasoning", "Let the configured language model answer questions over tables, and compare with the key.") { data, limit, model, concurrency, scripted, recordings };
        command.Validators.Add(result => Require(result, result.GetValue(scripted) is null || result.GetValue(model) is null, "A script takes the place of a model: give --scripted or --model."));
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<TableQuestion> questions;
            try
            {
                questions = [.. TableQuestion.ReadAll(parsed.GetRequiredValue(data).FullName).Take(parsed.GetValue(limit) ?? int.MaxValue)];
            }
            catch (InvalidDataException fault)
            {
                await console.Error.WriteLineAsync(fault.Message);
                return NothingToMeasure;
            }

            var script = parsed.GetValue(scripted);
            var kept = parsed.GetValue(recordings)?.FullName ?? (script is null ? DefaultRecordings() : null);
            var work = kept ?? Directory.CreateTempSubdirectory("advisor-quality-").FullName;
            try
            {
                var measurement = new Measurement(questions, parsed.GetValue(concurrency), parsed.GetValue(model), script, new DataFolder(work), parsed.GetValue(json));
                return await MeasureAsync(measurement, console, time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await console.Error.WriteLineAsync(kept is null ? "Cancelled." : $"Cancelled. What was answered is recorded in {kept}.");
                return AdvisorCli.Cancelled;
            }
            finally
            {
                if (kept is null)
                {
                    Directory.Delete(work, recursive: true);
                }
            }
        });
        return command;
    }

    private static string DefaultRecordings() => Path.GetFullPath(Path.Combine(Environment.GetEnvironmentVariable("ADVISOR_DATA") is { Length: > 0 } data ? data : ".data", "quality", "reasoning"));

    private static void Require(System.CommandLine.Parsing.SymbolResult result, bool holds, string rule)
    {
        if (!holds)
        {
            result.AddError(rule);
        }
    }

    private static async Task<int> MeasureAsync(Measurement measurement, CliConsole console, TimeProvider time, CancellationToken cancellationToken)
    {
        using var taken = DataFolderLock.TryTake(measurement.Recordings);
        if (taken is null)
        {
            await console.Error.WriteLineAsync($"Another measurement is using {measurement.Recordings.Path}.");
            return 1;
        }

        await using var server = measurement.Script is null ? null : await ScriptedModel.StartAsync(new KeyScripts(measurement.Questions).Find(measurement.Script), cancellationToken: cancellationToken);
        AdvisorHost host;
        try
        {
            // The product as it is configured, without its triggers: nothing but the questions is worked on.
            host = await AdvisorHost.StartAsync(
                new AdvisorHostOptions { DataFolder = measurement.Recordings.Path, Url = "http://127.0.0.1:0", FunctionTypes = [], LogToConsole = false, Settings = Settings(measurement, server) },
                cancellationToken);
        }
        catch (OptionsValidationException fault)
        {
            await console.Error.WriteLineAsync(fault.Message);
            return NothingToMeasure;
        }

        await using (host)
        {
            var gateway = host.Services.GetRequiredService<ModelGateway>();
            if (!gateway.IsConfigured)
            {
                await console.Error.WriteLineAsync(
                    "There is no language model to measure. Set OpenAI__BaseUrl (a server that speaks OpenAI's wire format, such as https://api.openai.com/v1) with OpenAI__ApiKey and OpenAI__Model, "
                    + "or AzureOpenAI__Endpoint with AzureOpenAI__Deployment. Without a model, --scripted answer-key shows what the measuring itself can reach.");
                return NothingToMeasure;
            }

            return await AskAsync(measurement, host.Services, gateway, console, time, cancellationToken);
        }
    }

    private static async Task<int> AskAsync(Measurement measurement, IServiceProvider services, ModelGateway gateway, CliConsole console, TimeProvider time, CancellationToken cancellationToken)
    {
        var template = services.GetRequiredService<PromptLibrary>().Latest(TableQuestionPrompt.Name);
        var server = measurement.Script ?? services.GetRequiredService<IOptions<AzureOpenAiOptions>>().Value.Endpoint ?? services.GetRequiredService<IOptions<OpenAiOptions>>().Value.BaseUrl!;
        var started = time.GetTimestamp();
        var outcomes = await new ReasoningRun(gateway, template, server).AskAsync(
            measurement.Questions, measurement.Concurrency, Progress(measurement.Questions.Count, console, time), cancellationToken);
        var report = new ReasoningReport(outcomes, gateway.DefaultModel!, $"{template.Name}.v{template.Version}", time.GetElapsedTime(started));
        if (measurement.Json)
        {
            await console.Output.WriteLineAsync(JsonSerializer.Serialize(report, AdvisorJson.Options));
        }
        else
        {
            ReasoningTable.Write(report, console);
        }

        var open = outcomes.Where(ReasoningRun.IsPassing).ToList();
        if (open.Count == 0)
        {
            return 0;
        }

        await console.Error.WriteLineAsync($"{open.Count} of {outcomes.Count} questions got no answer for reasons that may pass: {TerminalText.Of(open[0].Detail!)} Run this again: it asks only these.");
        return 1;
    }

    private static Dictionary<string, string?> Settings(Measurement measurement, ScriptedModel? server)
    {
        // Places enough that questions wait for the server alone.
        var settings = new Dictionary<string, string?> { ["Resilience:LanguageModel:MaxConcurrency"] = $"{measurement.Concurrency}" };
        if (measurement.Model is { } model)
        {
            (settings["OpenAI:Model"], settings["AzureOpenAI:Deployment"]) = (model, model);
        }

        if (server is not null)
        {
            (settings["OpenAI:BaseUrl"], settings["OpenAI:Model"], settings["OpenAI:ApiKey"], settings["AzureOpenAI:Endpoint"]) = (server.BaseUrl.ToString(), $"scripted-{measurement.Script}", "", "");
        }

        return settings;
    }

    private static Action<QuestionOutcome> Progress(int questions, CliConsole console, TimeProvider time)
    {
        var (done, right, last, counting) = (0, 0, time.GetTimestamp(), new Lock());
        return outcome =>
        {
            lock (counting)
            {
                done++;
                right += outcome.Outcome is AnswerOutcome.ValueRight or AnswerOutcome.ValueAndScaleRight ? 1 : 0;
                if (done == questions || time.GetElapsedTime(last) >= s_betweenLines)
                {
                    last = time.GetTimestamp();
                    console.Error.WriteLine($"{done} of {questions} questions, {right} values right.");
                }
            }
        };
    }

    /// <param name="Model">Null for the configured one.</param>
    /// <param name="Script">Null for a model.</param>
    private sealed record Measurement(IReadOnlyList<TableQuestion> Questions, int Concurrency, string? Model, string? Script, DataFolder Recordings, bool Json);
}
