using System.Diagnostics;

namespace ElfMmu.Benchmarks;

/// <summary>Measures pairs in turn, so that a machine that gets slower gets slower for both.</summary>
internal static class Timing
{
    /// <summary>Runs two pieces of work in turn and gives the median of each, in milliseconds, and of their ratio.</summary>
    public static (double A, double B, double Ratio) Pairs(int rounds, Action a, Action b)
    {
        var first = new List<double>();
        var second = new List<double>();
        a();
        b();
        for (int i = 0; i < rounds; i++)
        {
            first.Add(Once(a));
            second.Add(Once(b));
        }

        return (Median(first), Median(second), Median([.. first.Zip(second, (x, y) => x / y)]));
    }

    public static double Once(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    /// <summary>Runs a program and throws unless it succeeds.</summary>
    public static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
        }
    }
}
