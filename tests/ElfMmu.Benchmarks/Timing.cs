using System.Diagnostics;

namespace ElfMmu.Benchmarks;

/// <summary>Measures pairs in turn, so that a machine that gets slower gets slower for both.</summary>
internal static class Timing
{
    /// <summary>Runs two pieces of work in turn and gives the median of each, in milliseconds, and of their ratio.</summary>
    /// <param name="rounds">How many counted rounds, after one that isn't.</param>
    /// <param name="a">The first.</param>
    /// <param name="b">The second.</param>
    /// <param name="beforeA">What must be done before the first and isn't counted, such as deleting its output.</param>
    /// <param name="beforeB">The same before the second.</param>
    public static (double A, double B, double Ratio) Pairs(
        int rounds, Action a, Action b, Action? beforeA = null, Action? beforeB = null)
    {
        var first = new List<double>();
        var second = new List<double>();
        for (int i = 0; i <= rounds; i++)
        {
            beforeA?.Invoke();
            double x = Once(a);
            beforeB?.Invoke();
            double y = Once(b);
            if (i > 0)
            {
                first.Add(x);
                second.Add(y);
            }
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
