using System.CommandLine;
using System.Text.Json;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Http;

namespace Advisor.Benchmarks.Quality.Prior;

/// <summary><c>quality prior --data DIR</c>: fits the calibration that serves before there are verdicts.</summary>
internal static class PriorCommand
{
    /// <summary>The product's own JSON, set for people to read.</summary>
    private static readonly JsonSerializerOptions s_indented = new(AdvisorJson.Options) { WriteIndented = true };

    /// <summary>Where the committed prior lies.</summary>
    public static string Committed => Repository.File("FunctionApp", "Kernel", "Confidence", "prior.json");

    public static Command Create(Option<bool> json)
    {
        var data = new Option<DirectoryInfo>("--data") { Description = "Folder that holds tables/, reports/ and workbooks/ with their labels.", HelpName = "DIR", Required = true };
        var write = new Option<bool>("--write") { Description = "Make what was fitted the prior of the product; build it again afterwards." };
        var scans = new Option<DirectoryInfo?>("--scans") { Description = "Keep scans and what was recognised of them in this folder, and take what is there.", HelpName = "FOLDER" };
        var facts = new Option<FileInfo?>("--facts") { Description = "Write every fact and claim with its label to this file, one JSON object a line.", HelpName = "FILE" };
        var command = new Command("prior", "Fit the calibration that serves before there are verdicts, on labelled facts.") { data, write, scans, facts };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = parsed.GetRequiredValue(data).FullName;
            var labelled = await Labelling.RunAsync(folder, null, parsed.GetValue(scans)?.FullName, Console.Error, cancellationToken);
            if (parsed.GetValue(facts) is { } file)
            {
                await File.WriteAllLinesAsync(file.FullName, labelled.Facts.Select(fact => JsonSerializer.Serialize(fact, AdvisorJson.Options)).Concat(labelled.Claims.Select(claim => JsonSerializer.Serialize(claim, AdvisorJson.Options))), cancellationToken);
            }

            var report = PriorFit.Report(labelled, Fit(folder, labelled));
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(report, AdvisorJson.Options) : PriorTable.Of(report));
            if (parsed.GetValue(write))
            {
                await File.WriteAllTextAsync(Committed, JsonSerializer.Serialize(report.Prior, s_indented) + "\n", cancellationToken);
                await Console.Error.WriteLineAsync($"{report.Prior.Version} is written to {Committed}.");
                return 0;
            }

            if (report.Prior.Version == CalibrationPrior.Committed.Version)
            {
                return 0;
            }

            await Console.Error.WriteLineAsync($"The product has another prior, {CalibrationPrior.Committed.Version}; --write makes this one its own.");
            return 1;
        });
        return command;
    }

    /// <summary>The day is that of the first fit that came out so.</summary>
    internal static CalibrationPrior Fit(string folder, LabelledData labelled)
    {
        var fitted = CalibrationPrior.Of(DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), labelled.ReadBy, PriorSource.Of(folder, labelled), PriorFit.CurveOf(labelled.Facts));
        return fitted.Version == CalibrationPrior.Committed.Version ? CalibrationPrior.Committed : fitted;
    }
}
