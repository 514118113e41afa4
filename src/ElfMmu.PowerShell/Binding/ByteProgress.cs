using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Shows how far some work is: bytes, percent and time left, at most five times a second.</summary>
/// <param name="cmdlet">Whose work it is.</param>
/// <param name="activity">What it is, such as <c>Exporting core.elf</c>.</param>
internal sealed class ByteProgress(Cmdlet cmdlet, string activity) : IDisposable
{
    /// <summary>The time between two reports in milliseconds.</summary>
    public const int Interval = 200;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _lastShown;
    private bool _shown;

    /// <summary>Takes a report; only on the thread of the pipeline.</summary>
    public void Report(ulong done, ulong total)
    {
        long now = _clock.ElapsedMilliseconds;
        if (now - _lastShown < Interval || done == 0 || done > total)
        {
            return;
        }

        _lastShown = now;
        _shown = true;
        string status = string.Create(
            CultureInfo.CurrentCulture, $"{done / 1048576.0:n0} of {total / 1048576.0:n0} MiB");
        cmdlet.WriteProgress(new ProgressRecord(1, activity, status)
        {
            PercentComplete = (int)(done * 100.0 / total),
            SecondsRemaining = (int)Math.Min(int.MaxValue, now / 1000.0 / done * (total - done)),
        });
    }

    /// <summary>Takes the bar away.</summary>
    public void Dispose()
    {
        if (_shown && !cmdlet.Stopping)
        {
            cmdlet.WriteProgress(new ProgressRecord(1, activity, "Done") { RecordType = ProgressRecordType.Completed });
        }
    }
}
