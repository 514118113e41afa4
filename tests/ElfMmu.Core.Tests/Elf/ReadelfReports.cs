using System.Text.RegularExpressions;

namespace ElfMmu.Tests.Elf;

/// <summary>Asks readelf about many files at once.</summary>
internal static partial class ReadelfReports
{
    private const int Batch = 50;

    /// <summary>What it prints of each file.</summary>
    public static IEnumerable<(string Path, string Output)> Ask(IReadOnlyList<string> files, params string[] options)
    {
        foreach (string[] batch in files.Chunk(Batch))
        {
            // Two files at least, so that every output has its heading.
            (string output, _) = Tool.Run("readelf", [.. options, .. batch, batch[0]]);
            string[] reports = Heading().Split(output)[1..];
            for (int i = 0; i < batch.Length; i++)
            {
                yield return (batch[i], reports[i]);
            }
        }
    }

    [GeneratedRegex(@"^File: .*\n", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
