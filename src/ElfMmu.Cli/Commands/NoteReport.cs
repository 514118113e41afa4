using System.Collections;
using System.Globalization;
using ElfMmu.Cli.Output;
using ElfMmu.Elf.Notes;

namespace ElfMmu.Cli.Commands;

/// <summary>What a note says, as reports within reports.</summary>
internal static class NoteReport
{
    /// <summary>The value of a note as <see cref="Report.Add"/> takes it.</summary>
    public static object? Of(object? value) => value switch
    {
        CoreThreadStatus s => new Report()
            .Add("signal", null, s.Signal)
            .Add("signalName", null, s.SignalName)
            .Add("code", null, s.Code)
            .Add("error", null, s.Error)
            .Add("currentSignal", null, s.CurrentSignal)
            .Add("pendingSignals", null, new Hex(s.PendingSignals))
            .Add("heldSignals", null, new Hex(s.HeldSignals))
            .Add("processId", null, s.ProcessId)
            .Add("parentProcessId", null, s.ParentProcessId)
            .Add("processGroupId", null, s.ProcessGroupId)
            .Add("sessionId", null, s.SessionId)
            .Add("userTime", null, Time(s.UserTime))
            .Add("systemTime", null, Time(s.SystemTime))
            .Add("childrenUserTime", null, Time(s.ChildrenUserTime))
            .Add("childrenSystemTime", null, Time(s.ChildrenSystemTime))
            .Add("hasFloatingPoint", null, s.HasFloatingPoint)
            .Add("registers", null, Registers(s.Registers)),
        CoreProcessInfo p => new Report()
            .Add("state", null, p.State)
            .Add("stateName", null, p.StateName.ToString())
            .Add("isZombie", null, p.IsZombie)
            .Add("nice", null, p.Nice)
            .Add("flags", null, new Hex(p.Flags))
            .Add("userId", null, p.UserId)
            .Add("groupId", null, p.GroupId)
            .Add("processId", null, p.ProcessId)
            .Add("parentProcessId", null, p.ParentProcessId)
            .Add("processGroupId", null, p.ProcessGroupId)
            .Add("sessionId", null, p.SessionId)
            .Add("fileName", null, p.FileName)
            .Add("arguments", null, p.Arguments),
        CoreAuxiliaryVector v => new Report().Add("entries", null, v.Entries.Select(e => new Report()
            .Add("type", null, e.Type).Add("typeName", null, e.TypeName).Add("value", null, new Hex(e.Value))).ToArray()),
        CoreMappedFiles f => new Report().Add("pageSize", null, f.PageSize).Add("files", null, f.Files.Select(m => new Report()
            .Add("start", null, new Hex(m.Start))
            .Add("end", null, new Hex(m.End))
            .Add("size", null, new Size(m.Size))
            .Add("fileOffset", null, new Hex(m.FileOffset))
            .Add("path", null, m.Path)).ToArray()),
        CoreSignal s => new Report()
            .Add("signal", null, s.Signal)
            .Add("signalName", null, s.SignalName)
            .Add("code", null, s.Code)
            .Add("codeName", null, s.CodeName)
            .Add("error", null, s.Error)
            .Add("address", null, Hex.Of(s.Address))
            .Add("processId", null, s.ProcessId)
            .Add("userId", null, s.UserId),
        QemuCpuState q => new Report().Add("version", null, q.Version).Add("registers", null, Registers(q.Registers)),
        GnuAbiTag a => new Report()
            .Add("operatingSystem", null, a.OperatingSystem)
            .Add("operatingSystemId", null, a.OperatingSystemId)
            .Add("version", null, a.Version),
        GnuProperties g => new Report().Add("properties", null, g.Properties.Select(p => new Report()
            .Add("type", null, new Hex(p.Type))
            .Add("typeName", null, p.TypeName)
            .Add("value", null, Hex.Of(p.Value))
            .Add("features", null, p.Features)
            .Add("text", null, p.Text)).ToArray()),
        SystemTapProbe p => new Report()
            .Add("provider", null, p.Provider)
            .Add("name", null, p.Name)
            .Add("location", null, new Hex(p.Location))
            .Add("base", null, new Hex(p.Base))
            .Add("semaphore", null, new Hex(p.Semaphore))
            .Add("arguments", null, p.Arguments),
        IReadOnlyDictionary<string, string> lines => Own(lines.Select(l => KeyValuePair.Create(l.Key, (object?)l.Value))),
        IReadOnlyDictionary<string, object?> json => Own(json.Select(j => KeyValuePair.Create(j.Key, Of(j.Value)))),
        string text => text,
        IEnumerable items => items.Cast<object?>().Select(Of).ToArray(),
        _ => value,
    };

    private static Report Registers(IReadOnlyDictionary<string, ulong> registers) =>
        Own(registers.Select(r => KeyValuePair.Create(r.Key, (object?)new Hex(r.Value))));

    private static Report Own(IEnumerable<KeyValuePair<string, object?>> values)
    {
        var report = new Report();
        foreach ((string name, object? value) in values)
        {
            report.AddOwn(name, value);
        }

        return report;
    }

    private static string Time(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);
}
