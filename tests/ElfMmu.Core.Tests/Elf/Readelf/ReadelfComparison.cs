using System.Diagnostics;
using System.Text;
using ElfMmu.Elf;

namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>Compares what readelf prints of files with the same lines made of our objects, line by line, many files a process.</summary>
internal sealed class ReadelfComparison(IReadelfArea area)
{
    private const int PerProcess = 64;

    private readonly ReadelfTally _tally = new();

    /// <summary>Compares. O(what readelf prints).</summary>
    public ReadelfTally Run(IReadOnlyList<string> files)
    {
        string[][] batches = [.. files.Chunk(PerProcess)];
        Parallel.ForEach(batches, new ParallelOptions { MaxDegreeOfParallelism = 2 }, Batch);
        return _tally;
    }

    private void Batch(string[] files)
    {
        // readelf names each file only where there are several.
        string[] asked = files.Length == 1 ? [files[0], files[0]] : files;
        var start = new ProcessStartInfo("readelf", ["-W", .. area.Option.Split(' '), "--", .. asked])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
        };
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        using var lines = new ReportLines(process.StandardOutput);
        for (int i = 0; i < files.Length; i++)
        {
            if (!lines.MoveToReport(files[i]))
            {
                _tally.Disagree($"{files[i]}: readelf says nothing of it");
                continue;
            }

            lines.NextReport = i + 1 < asked.Length ? asked[i + 1] : null;
            try
            {
                using ElfFile file = ElfFile.Open(files[i]);
                One(file, lines);
            }
            catch (Exception e)
            {
                _tally.Disagree($"{files[i]}: {e}");
            }
        }

        lines.SkipAll();
        process.WaitForExit();
    }

    private void One(ElfFile file, ReportLines theirs)
    {
        long fields = 0;
        string? disagreement = null;
        var excuses = new Dictionary<string, int>();
        int number = 0;
        foreach (ReadelfLine ours in area.Lines(file))
        {
            string text = Printed(ours.Text);
            string? line = Next(theirs);
            number++;
            if (line != text)
            {
                if (line == null || area.Excuse(line, text) is not { } excuse)
                {
                    disagreement = $"{file.Source.Path} line {number}:\n  readelf: {line ?? "(its end)"}\n  we:      {text}";
                    break;
                }

                excuses[excuse] = excuses.GetValueOrDefault(excuse) + 1;
            }

            fields += ours.Fields;
        }

        if (disagreement == null && Next(theirs) is { } more)
        {
            disagreement = $"{file.Source.Path} line {number + 1}:\n  readelf: {more}\n  we:      (our end)";
        }

        _tally.Add(file, fields, disagreement, excuses);
    }

    private string? Next(ReportLines theirs)
    {
        string? line;
        string? clean = null;
        while ((line = theirs.Next()) != null && (clean = area.Clean(line)) == null)
        {
        }

        return line == null ? null : clean;
    }

    /// <summary>A line as the bytes that readelf prints of it.</summary>
    private static string Printed(string text) => Ascii.IsValid(text) ? text : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
