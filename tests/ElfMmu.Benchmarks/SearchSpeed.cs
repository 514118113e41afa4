using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using ElfMmu.Dumps;
using ElfMmu.Intervals;
using ElfMmu.Memory;
using ElfMmu.Reading;
using ElfMmu.Searching;

namespace ElfMmu.Benchmarks;

/// <summary>
/// How fast memory is searched, beside one pass over the same mapped file with as many threads and, where it can do the same, grep. The file
/// is in the system's cache.
/// </summary>
internal static class SearchSpeed
{
    private const int Rounds = 5;
    private const long FullSize = 2L << 30;

    // The second member is what grep is given (-P); null where it can't do the same.
    private static readonly (SearchPattern Pattern, string? Grep)[] Patterns =
    [
        (SearchPattern.Bytes("de ad be ef 13 37"), @"\xde\xad\xbe\xef\x13\x37"),
        (SearchPattern.Bytes("48 8b ?? 05 ?? ?? ?? 00 c3"), @"(?s)\x48\x8b.\x05...\x00\xc3"),
        (SearchPattern.Text("Linux version "), "Linux version "),
        (SearchPattern.Text("linux VERSION ", TextEncoding.Ascii, ignoreCase: true), "(?i)linux VERSION "),
        (SearchPattern.Text("Linux version ", TextEncoding.Utf16), @"L\x00i\x00n\x00u\x00x\x00 \x00v\x00e\x00r\x00s\x00i\x00o\x00n\x00 \x00"),
        (SearchPattern.Value(0x12345678u, MemoryValueType.Parse("u32")), null),
        (SearchPattern.Value(4660UL, MemoryValueType.Parse("u64")), null),
        (SearchPattern.PointerTo(Interval.FromStartAndSize(0xffffffff81000000, 0x1000)), null),
        (SearchPattern.PointerTo(Interval.FromStartAndSize(0xffffffff81000000, 0x1000), alignment: 1), null),
        (SearchPattern.Regex(@"Linux version [0-9.]+"), "Linux version [0-9.]+"),
        (SearchPattern.Regex(@"https?://[a-z.]{4,}/[ -~]+"), "https?://[a-z.]{4,}/[ -~]+"),
        (SearchPattern.Regex(@"[\x20-\x7e]{200,}"), @"[\x20-\x7e]{200,}"),
    ];

    /// <summary>
    /// One CSV line a pattern: pattern, hits, time, speed, the pass's time and speed, our speed by the pass's, grep's time and hits.
    /// </summary>
    /// <param name="path">A raw image; null to make one.</param>
    /// <param name="folder">Where an image can be.</param>
    public static IEnumerable<string> Lines(string? path, string folder)
    {
        string file = path ?? Path.Combine(folder, "memory");
        if (path == null)
        {
            RootImage.WriteFull(file, FullSize, folder);
        }

        using MemoryDump dump = MemoryDump.Open(file, new DumpOptions { RamBase = 0 });
        yield return Line("8 of these at once", dump, [.. Patterns[..8].Select(p => p.Pattern)], null);
        foreach ((SearchPattern pattern, string? grep) in Patterns)
        {
            yield return Line(pattern.Name, dump, [pattern], grep);
        }

        yield return Line("only the first 100000 of: 00 00 00 00", dump, [SearchPattern.Bytes("00 00 00 00")], null, 100_000);
    }

    private static string Line(string name, MemoryDump dump, SearchPattern[] patterns, string? grep, int most = int.MaxValue)
    {
        int hits = 0;
        (double search, double pass, double ratio) = Timing.Pairs(
            Rounds,
            () => hits = MemorySearch.FindPhysical(dump, new SearchRequest { Patterns = patterns }).Take(most).Count(),
            () => Pass(dump.Memory));
        double size = dump.Memory.Size / 1e6;
        string theirs = grep == null ? "," : Grep(grep, dump.Identity.Path);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{hits},{search:f0} ms,{size / search:f1} GB/s,{pass:f0} ms,{size / pass:f1} GB/s,")
            + string.Create(CultureInfo.InvariantCulture, $"{1 / ratio:f2},{theirs}");
    }

    /// <summary>The time grep takes to find the same in the file, and how much it finds. It counts what doesn't overlap.</summary>
    private static string Grep(string expression, string path)
    {
        var command = new ProcessStartInfo("grep", ["-obUaP", expression, path]) { RedirectStandardOutput = true, UseShellExecute = false };
        command.Environment["LC_ALL"] = "C";
        try
        {
            long start = Stopwatch.GetTimestamp();
            using Process process = Process.Start(command)!;
            byte[] buffer = new byte[1 << 16];
            int lines = 0;
            for (int read; (read = process.StandardOutput.BaseStream.Read(buffer)) > 0;)
            {
                lines += buffer.AsSpan(0, read).Count((byte)'\n');
            }

            process.WaitForExit();
            return string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalMilliseconds:f0} ms,{lines}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "no grep,";
        }
    }

    /// <summary>Adds all bytes up, with as many threads as a search has.</summary>
    private static unsafe void Pass(PhysicalMemory memory)
    {
        const int Piece = 1 << 20;
        ulong sum = 0;
        foreach (PhysicalRun run in memory.Runs)
        {
            byte* bytes = run.Source.Pointer + run.Offset;
            long whole = (long)(run.Size / Piece);
            Parallel.For(0, (int)whole, i =>
            {
                Vector256<ulong> a = default;
                Vector256<ulong> b = default;
                byte* piece = bytes + ((long)i * Piece);
                for (int at = 0; at < Piece; at += 64)
                {
                    a += Vector256.Load((ulong*)(piece + at));
                    b += Vector256.Load((ulong*)(piece + at + 32));
                }

                Interlocked.Add(ref sum, Vector256.Sum(a + b));
            });
        }

        if (sum == 0)
        {
            throw new InvalidOperationException("The image is empty.");
        }
    }
}
