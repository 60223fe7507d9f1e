using System.CommandLine;
using System.Text.Json;
using Advisor.Kernel.Http;

namespace Advisor.Benchmarks.Quality.Injection;

/// <summary><c>quality injection --data DIR</c>: documents that try to instruct their reader, against their clean twins, with a model that obeys.</summary>
internal static class InjectionCommand
{
    public static Command Create(Option<bool> json)
    {
        var data = new Option<DirectoryInfo>("--data") { Description = "Folder with injection*.jsonl and benign*.jsonl, or the one that holds it.", HelpName = "DIR", Required = true };
        var sample = new Option<int?>("--sample") { Description = "So many attacks and look-alikes, spread over the data; all by default.", HelpName = "N" };
        sample.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
            {
                result.AddError("Try at least one.");
            }
        });
        var command = new Command("injection", "Documents that try to instruct their reader, against their clean twins, with a scripted model that obeys.") { data, sample };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var texts = InjectionData.Read(parsed.GetRequiredValue(data), parsed.GetValue(sample));
            var figures = await InjectionMeasurement.RunAsync(texts, Console.Error, cancellationToken);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, AdvisorJson.Options) : figures.ToString());
            return figures.Holds ? 0 : 1;
        });
        return command;
    }
}
