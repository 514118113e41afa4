using Xunit;

namespace ElfMmu.Tests.Support;

/// <summary>What a QEMU with a dump's memory and registers translates addresses to (tests/translate/ask.py).</summary>
internal sealed class QemuAnswers
{
    private readonly Dictionary<(string Privilege, ulong Address), ulong?> _answers = [];

    private QemuAnswers(string[] privileges) => Privileges = privileges;

    /// <summary>"any", or "supervisor" and "user": the privileges at which it was asked.</summary>
    public string[] Privileges { get; }

    public ulong? Of(string privilege, ulong address) => _answers[(privilege, address)];

    /// <summary>
    /// Asks, and makes sure that it is the dump's machine that answers: what was asked when the dump was made has to be answered
    /// the same.
    /// </summary>
    public static QemuAnswers Ask(DumpFolder folder, IEnumerable<ulong> addresses)
    {
        List<(ulong Virtual, ulong? Physical)> first = folder.Answers("gva2gpa.txt");
        List<(ulong Virtual, ulong? Physical)> second = folder.Answers("gva2gpa_kernel.txt");
        using var temporary = new TempFolder();
        IEnumerable<ulong> all = addresses.Concat(first.Concat(second).Select(a => a.Virtual)).Distinct();
        string requests = temporary.Write("requests", string.Concat(all.Select(a => $"{a:x}\n")));
        ToolResult result = Tools.Run(
            "python3", Path.Combine(TestData.Folder, "..", "translate", "ask.py"), folder.File("machine.yaml"), requests);
        Assert.True(result.ExitCode == 0, result.Errors);

        string[][] lines = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' '))];
        var answers = new QemuAnswers(lines[0][2..]);
        foreach (string[] line in lines[1..])
        {
            foreach ((string privilege, string physical) in answers.Privileges.Zip(line[1..]))
            {
                answers._answers.Add((privilege, QemuWalk.Hex(line[0])), physical == "unmapped" ? null : QemuWalk.Hex(physical));
            }
        }

        // Guests that have no second list were stopped in supervisor mode, if they weren't asked whatever the mode.
        string firstPrivilege = answers.Privileges.Length == 1 ? "any" : second.Count > 0 ? "user" : "supervisor";
        Assert.NotEmpty(first);
        Assert.All(first, a => Assert.Equal(a.Physical, answers.Of(firstPrivilege, a.Virtual)));
        Assert.All(second, a => Assert.Equal(a.Physical, answers.Of("supervisor", a.Virtual)));
        return answers;
    }
}
