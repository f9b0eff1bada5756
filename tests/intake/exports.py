"""Known exports in small, of made-up people, and answers about what they say."""

RQI = """\
LocationID,LocationName,UserID,FirstName,MiddleName,LastName,Email,JobCode,JobName,HireDate,Status,DateOfBirth,Gender,\
YearsofExperiences,ActiveDate,InactiveDate,Group
7,ICU,0101,Ada,May,Wren,ada@site.example,R2,RN II,03/15/2021,Active,10/14/1988,F,9,06/01/2025,,Cohort Green
7,ICU,0102,Ben,,Bo,,R2,RN II,01/05/2015,Inactive,02/02/1979,M,9,01/05/2015,06/30/2026,Cohort Green
7,ED,0103,Cy,,Dale,,R2,RN II,01/05/2015,Inactive,03/04/1977,M,9,01/05/2015,,Cohort Green
"""

ESR = (
    "Competency Name,Competence Level,Min Requirement,Essential,Expiry Date,Compliance Status,Description,Date Start,"
    "Date Last Awarded,Title,Last Updated By,VPD"
)
ESR_BLS = "NHS|CSTF|Resuscitation - Basic Life Support - 1 Year|"
ESR_FIRE = "NHS|CSTF|Fire Safety - 2 Years|"
TEAM = f"""\
Employee Number,Employee Name,{ESR}
0101,"Wren, Ada",{ESR_BLS},Achieved,,Y,09-Sep-2026,Compliant,BLS,01/10/2019,20/09/2025,Ward Sister,"457|Clerk, Tina",457
0101,"Wren, Ada",{ESR_FIRE},Achieved,,Y,14-Mar-2027,Compliant,Fire,15/03/2025,15/03/2025,Fire,"457|Clerk, Tina",457
"""
ONE_PERSON = f"""\
{ESR}
{ESR_BLS},Achieved,,Y,09-Sep-2026,Compliant,BLS,01/10/2019,20/09/2025,Ward Sister,"457|Clerk, Tina",457
"""

TRANSCRIPT = """\
Student Transcript

Last Name,First Name,User ID,Department,Job Title,Learning Name,Completion Status,Completion Date,Expiration Date,Score
Wren,Ada,0101,ICU-4W (4410),Registered Nurse,AHA BLS Provider eCard,Completed,"Jun 12, 2025 02:15 PM","Jun 30, 2027",
Wren,Ada,0101,ICU-4W (4410),Registered Nurse,HeartCode BLS Online Portion,Completed,"Jun 10, 2025 11:40 PM",,92.871
Bo,Ben,0102,ICU-4W (4410),Registered Nurse,AHA BLS Provider eCard,In Progress,,,
Bo,Ben,0102,ICU-4W (4410),Registered Nurse,AHA BLS Provider eCard,Failed,"May 20, 2026 09:00 AM",,58.871
Bo,Ben,0102,ICU-4W (4410),Registered Nurse,Cafeteria Safety,Completed,"Jan 15, 2026 01:00 PM",,100

5 records,Page 1 of 1,Confidential
"""
ECARD = {"type:AHA BLS Provider eCard": "BLS", "type:HeartCode BLS Online Portion": "none"}

WORKDAY = """\
Worker,Employee ID,Worker Type,Position,Job Profile,Supervisory Organization,Cost Center,Location,Email - Work,\
Email - Home,Hire Date,Termination Date,Date of Birth,National ID,Initial Password,On Leave,Leave Type,Annual Rate
Ada Wren,0101,Employee,P-1 RN,RN,Nursing ICU,ICU,Main,ada@site.example,ada@home.example,2021-03-15,,1988-10-14,\
123-45-6789,Welcome1!,,,91871.50
Ben Bo (On Leave),0102,Employee,P-2 RN,RN,Nursing ICU,ICU,Main,,ben@home.example,2015-01-05,,1979-02-02,\
987-65-4321,Welcome2!,Yes,Medical,99871.50
Cy Dale (Terminated),0103,Employee,P-3 RN,RN,Nursing ED,ED,Main,,,2022-08-01,2026-06-30,1995-03-14,111-22-3333,,,,8087.5
Di East (Terminated),0104,Employee,P-4 RN,RN,Nursing ED,ED,Main,,,2022-08-01,,1995-03-14,111-22-4444,,,,8087.5
"""
PLACES = {"field:unit": "Cost Center", "field:role": "Job Profile"}
