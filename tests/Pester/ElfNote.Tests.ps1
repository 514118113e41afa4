BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Get-ElfNote' {
    It 'says what was exported, and nests it' {
        $core = "$TestDrive/core.elf"
        Export-ElfCore $core -Dump (Get-SampleDump) -WarningAction Ignore
        $notes = Get-ElfNote $core
        $notes | Should -Not -BeNullOrEmpty
        $notes[0] | Should -BeOfType ElfMmu.Elf.Notes.ElfNoteItem
        $origin = (Get-ElfNote $core -Owner ElfMmu).Value
        $origin.tool | Should -Be ElfMmu
        $origin.root | Should -Match '^0x'
        $notes.Path | Select-Object -Unique | Should -Be $core
    }

    It 'reads the registers of a thread by name' {
        $thread = Get-ElfNote (Get-SampleDump) -Type PRSTATUS -WarningAction Ignore
        $thread.TypeName | Should -Be NT_PRSTATUS
        $thread.Value.Registers.rip | Should -BeGreaterThan 0
        $thread.Description.Length | Should -Be $thread.Size
        (Get-ElfNote (Get-SampleDump) -Type 0 -Owner QEMU -WarningAction Ignore).Value.Registers.cr3 | Should -BeGreaterThan 0
    }

    It 'unpacks lists: files and arguments of a process' {
        $core = "$TestDrive/crash64.core"
        $packed = [IO.File]::OpenRead("$repository/tests/data/process-cores/crash64.core.gz")
        $unpacked = [IO.File]::Create($core)
        $gzip = [IO.Compression.GZipStream]::new($packed, 'Decompress')
        $gzip.CopyTo($unpacked)
        $gzip.Dispose(); $unpacked.Dispose()
        $files = (Get-ElfNote $core -Type NT_FILE).Value.Files
        $files | Should -HaveCount 5
        $files[1].Size | Should -Be 565248
        ($files | Out-String) | Should -Match '0x0000000000401000 0x000000000048b000\s+0x1000 /crash64'
        (Get-ElfNote $core -Type nt_auxv).Value.Entries | Where-Object TypeName -EQ AT_ENTRY | ForEach-Object Value | Should -Be 0x401540
        (Get-ElfNote $core -Type NT_SIGINFO).Text | Should -Be 'SIGSEGV, SEGV_MAPERR, address 0x1234'
        (Get-ElfNote $core | Out-String -Width 100) | Should -Match 'CORE\s+NT_PRPSINFO\s+Process 22451: /crash64 segv'
        Get-ElfNote $core -Owner LINUX, GNU | ForEach-Object Owner | Select-Object -Unique | Should -Be LINUX
        Get-ElfNote $core -Type *FPREGSET | Should -HaveCount 2
    }

    It 'takes what another cmdlet read' {
        Get-ElfHeader /bin/sh | Get-ElfNote -Type NT_GNU_BUILD_ID | ForEach-Object Value | Should -Match '^[0-9a-f]{40}$'
    } -Skip:(-not $IsLinux)
}
